-- A child on roll on the day asked for, with the year group of that day: the roll's own,
-- moved by the academic years between. If stays overlap (a corrected entry date is beside
-- the old one, or a child is on two schools' rolls) the later one counts. known_from is
-- the entry of that stay, or the first of all for a child who has been at several schools
-- of this home, so that a year's figures are not cut where the child moved.
-- Key: pupil_key.
with known as (
    select
        pupil_key,
        min(entry_date) as first_entry,
        count(distinct school_key) > 1 as has_moved
    from stg_enrolment
    where entry_date <= as_at()
    group by pupil_key
)

select
    stays.school_key,
    stays.pupil_key,
    stays.entry_date,
    case when known.has_moved then known.first_entry else stays.entry_date end
        as known_from,
    (
        stays.year_group
        + academic_year_start(as_at())
        - academic_year_start(stays.year_group_date)
    )::integer as year_group
from stg_enrolment as stays
inner join known on stays.pupil_key = known.pupil_key
where is_in_period(as_at(), stays.entry_date, stays.end_date)
qualify
    row_number() over (
        partition by stays.pupil_key
        order by stays.entry_date desc, stays.school_key desc
    ) = 1
