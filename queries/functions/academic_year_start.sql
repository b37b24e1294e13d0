-- The calendar year in which the academic year of a day begins. The year begins on 1
-- August: some authorities' terms begin in August, none ends in it. Only this file and
-- school_year.py have that date. The day is used once, so planning is faster.
create macro academic_year_start(day) as (
    year(day - interval 7 months)::integer
);
