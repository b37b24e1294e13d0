-- The academic year of a day as schools write it: 2026/27.
create macro academic_year(day) as (
    academic_year_start(day)::varchar
    || '/'
    || lpad(((academic_year_start(day) + 1) % 100)::varchar, 2, '0')
);
