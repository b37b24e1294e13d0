-- The figures published for England, by group and year. A year that is not published yet
-- has no row.
--
-- One row for each measure, group, year and phase. Each figure is a share from 0 (none)
-- to 1 (all). The phase is that of the children's schools, a key stage, or all. The scope
-- says in words which schools, children or plans the figure is about.
-- A figure for a year to 31 March is listed under the school year in which that year
-- ends.
-- Key: measure, cohort, academic_year, phase.
-- Category: attendance.
select
    measure,
    cohort,
    academic_year,
    phase,
    scope,
    rate::double as rate,
    children,
    source
from ref_national_line
