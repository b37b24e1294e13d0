-- The calendar year in which the academic year of a day begins.  The year turns on
-- 1 August: some authorities' terms begin in August, none ends in it.  The turn is
-- written here and in school_year.py alone.  The day stands once, so planning is faster.
create macro academic_year_start(day) as (
    year(day - interval 7 months)::integer
);
