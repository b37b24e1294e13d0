-- One row a school and academic year: all children on roll, in or out of scope, in the
-- weeks loaded up to the day asked for.  absence_rate is absent over possible sessions,
-- 0 to 1.  A year without whole-school figures has no row.
-- Key: school_key, academic_year.
-- Null: absence_rate.
-- Category: attendance.
-- Short: How many sessions the whole school missed in a year, of those possible.
-- Short: It is of all children on roll, added up week by week.
select
    school_key,
    academic_year,
    sum(possible_sessions)::integer as possible_sessions,
    sum(absent_sessions)::integer as absent_sessions,
    sum(absent_sessions) / nullif(sum(possible_sessions), 0) as absence_rate
from int_school_week_to_date
group by school_key, academic_year
