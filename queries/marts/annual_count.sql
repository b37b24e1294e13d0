-- A local authority's yearly table, before its counts are rounded. Each row counts the
-- children looked after for whom one thing is true, such as persistent absence.
--
-- One row for each measure, for the children looked after on the date you chose, with or
-- without a school place.
-- Children for whom the answer is not known are left out.
-- A child's PEP counts as held if the latest meeting that was due took place.
-- Absence is counted over this school year, leaving out children with too few school
-- weeks for a rate.
-- Suspensions are counted for children with marks this school year.
-- Key: measure.
-- Category: report.
with cared as (
    select
        pupil_key,
        true as has_place
    from int_member
    where is_looked_after
    union all
    select
        pupil_key,
        false as has_place
    from no_school_place
),

meetings as (
    select
        pupil_key,
        arg_max(done_date is not null, started_on) as is_held
    from duty
    where rule in ('PEP_COMPLETE', 'PEP_JOINED', 'PEP_REVIEW')
    group by pupil_key
),

suspended as (
    select distinct pupil_key
    from pupil_suspension
    where academic_year = academic_year(as_at())
),

facts as (
    select
        cared.has_place,
        meetings.is_held,
        case when not years.is_too_early then years.is_persistent_absentee end
            as is_persistent,
        case when not years.is_too_early then years.is_severe_absentee end as is_severe,
        case when years.pupil_key is not null then suspended.pupil_key is not null end
            as is_suspended
    from cared
    left join meetings on cared.pupil_key = meetings.pupil_key
    left join int_pupil_year as years
        on
            cared.pupil_key = years.pupil_key
            and years.academic_year = academic_year(register_day())
    left join suspended on cared.pupil_key = suspended.pupil_key
),

counted as (
    select
        unnest([
            { 'measure': 'without a school place', 'is_true': not has_place },
            { 'measure': 'PEP meeting held when due', 'is_true': is_held },
            { 'measure': 'persistently absent', 'is_true': is_persistent },
            { 'measure': 'severely absent', 'is_true': is_severe },
            { 'measure': 'suspended this school year', 'is_true': is_suspended }
        ]) as fact
    from facts
)

select
    counted.fact.measure,
    count(counted.fact.is_true)::integer as children,
    count(*) filter (where counted.fact.is_true)::integer as counted
from counted
group by counted.fact.measure
