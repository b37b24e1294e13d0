-- The day on which the academic year of a day begins; see academic_year_start.
create macro academic_year_first_day(day) as (
    make_date(academic_year_start(day), 8, 1)
);
