-- How many children a governor report is about in each group, and how many joined and
-- left. The report gives these numbers only after a check that protects small groups.
--
-- One row for each school and group: children on roll who are looked after on the date
-- you chose, and children on roll who were previously looked after.
-- Children who joined or left the group are counted from the start of the school year to
-- that date.
-- Key: school_key, cohort.
-- Category: report.
with years as (
    select
        school_key,
        academic_year_first_day(max(first_day)) as first_day
    from report_term
    group by school_key
),

cohorts as (
    select unnest(['looked after', 'previously looked after']) as cohort
),

-- each child of the year, with the groups of today and of the day before the year
members as (
    select
        stays.school_key,
        stays.pupil_key,
        stays.cohort,
        bool_or(is_in_period(as_at(), stays.first_day, stays.end_date)) as is_in,
        bool_or(
            is_in_period(years.first_day - 1, stays.first_day, stays.end_date)
        ) as was_in
    from int_group_stay as stays
    inner join years on stays.school_key = years.school_key
    where
        stays.cohort <> 'has a social worker'
        and stays.first_day <= as_at()
        and coalesce(stays.end_date > years.first_day, true)
    group by stays.school_key, stays.pupil_key, stays.cohort
),

-- a child who is looked after is in that group alone
alone as (
    select
        members.school_key,
        members.cohort,
        members.is_in and not coalesce(cared.is_in, false) as is_in,
        members.was_in and not coalesce(cared.was_in, false) as was_in
    from members
    left join members as cared
        on
            members.pupil_key = cared.pupil_key
            and members.cohort > cared.cohort
    where not coalesce(cared.is_in and cared.was_in, false)
)

select
    years.school_key,
    cohorts.cohort,
    count(*) filter (where alone.is_in)::integer as children,
    count(*) filter (where not alone.was_in)::integer as arrived,
    count(*) filter (where not alone.is_in)::integer as gone
from years
cross join cohorts
left join alone
    on years.school_key = alone.school_key and cohorts.cohort = alone.cohort
group by years.school_key, cohorts.cohort
