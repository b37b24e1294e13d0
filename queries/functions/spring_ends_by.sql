-- The last day on which a spring term can end in a day's calendar year: Easter Sunday is
-- 25 April at the latest, and schools close in the week before it.
create macro spring_ends_by(day) as (make_date(year(day), 4, 20));
