-- 1 September of the academic year of a day, on which children's years of age begin.
create macro first_of_september(day) as (
    make_date(academic_year_start(day), 9, 1)
);
