-- The academic year of a day as schools write it: 2026/27.
create macro academic_year(day) as (
    academic_year_start(day)
    || '/'
    || right((academic_year_start(day) + 1)::text, 2)
);
