-- One row a measure, group and academic year: the published figure for state-funded
-- primary schools in England, a share, 0 to 1.  A year that is not published has no row.
-- Key: measure, cohort, academic_year.
-- Category: attendance.
select
    measure,
    cohort,
    academic_year,
    rate::double as rate,
    children,
    source
from ref_national_line
