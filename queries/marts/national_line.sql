-- One row a measure, group and year: the figure published for England, a share, 0 to 1,
-- of those whom scope names.  A year that is not published has no row.  Measures of a
-- year to 31 March stand under the academic year that it cuts into, and scope says so.
-- Key: measure, cohort, academic_year.
-- Category: attendance.
-- Short: What DfE publishes for England, such as sessions missed, by group and year.
-- Short: A year that is not published yet has no row.
select
    measure,
    cohort,
    academic_year,
    scope,
    rate::double as rate,
    children,
    source
from ref_national_line
