-- The calendar year in which the academic year of a day begins.  The year turns on
-- 1 August: some authorities' terms begin in August, none ends in it.
create macro academic_year_start(day) as (
    (year(day) - case when month(day) < 8 then 1 else 0 end)::integer
);
