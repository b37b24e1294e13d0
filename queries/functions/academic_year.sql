-- The academic year of a day as schools write it: 2026/27.  It turns on 1 August, as in
-- academic_year_start; here the day stands twice, not eight times, which planning feels.
create macro academic_year(day) as (
    strftime(day - interval 7 months, '%Y')
    || '/'
    || strftime(day + interval 5 months, '%y')
);
