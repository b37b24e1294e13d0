-- Children who used to be on these pages, and who have left the school or are no longer
-- in any of the groups.
--
-- One row for each child, for as long as the records are kept.
-- The reason is 'left' for a child who left the school, and 'care ended' for a child
-- still on roll, whichever group the child was in.
-- The end is the first day on which the child was no longer on these pages.
-- The leaving date is the last day on roll, and is blank for a child still on roll.
-- The year group is the latest one that the roll gives for the child.
-- Key: pupil_key.
-- Null: leaving_date.
-- Category: plans.
with formers as (
    select
        stays.pupil_key,
        max(coalesce(stays.end_date, 'infinity'::date)) as ended_on
    from int_group_stay as stays
    anti join int_member as members on stays.pupil_key = members.pupil_key
    where stays.first_day <= as_at()
    group by stays.pupil_key
),

roll as (
    select
        pupil_key,
        arg_max(year_group, entry_date) as year_group
    from stg_enrolment
    group by pupil_key
)

select
    formers.pupil_key,
    pupils.school_key,
    pupils.pupil_id,
    pupils.handle,
    roll.year_group,
    case when on_roll.pupil_key is null then 'left' else 'care ended' end as why,
    formers.ended_on,
    case when on_roll.pupil_key is null then formers.ended_on - 1 end as leaving_date
from formers
inner join stg_pupil as pupils on formers.pupil_key = pupils.pupil_key
inner join roll on formers.pupil_key = roll.pupil_key
left join int_pupil_on_roll as on_roll on formers.pupil_key = on_roll.pupil_key
