-- The roll and the recorded steps disagree on whether a child has an Education, Health
-- and Care Plan.
--
-- Each row names the source, its date, and who to ring.
-- A plan that began or ended after the date of the roll is not listed. A school with no
-- recorded steps of any plan is not checked.
-- Key: pupil_key.
-- Category: plans.
with steps as (
    select
        events.pupil_key,
        max(events.ehcp_date) filter (
            where events.event in ('plan issued', 'decided to cease', 'ceased')
        ) as turned_on,
        concat_ws(
            ', ',
            arg_max(
                coalesce(sources.file_name, 'typed'),
                (events.ehcp_date, events.source_id)
            ),
            max(events.ehcp_date)::varchar
        ) as origin
    from int_ehcp_event as events
    left join stg_source as sources on events.source_id = sources.source_id
    group by events.pupil_key
)

select
    roll.pupil_key,
    roll.pupil_id,
    roll.handle,
    concat(roll.label, ' (', roll.file_name, ', ', roll.said_on, ')') as one_says,
    case
        when plans.stage is null then 'no step of a plan'
        else concat(plans.stage, ' (', steps.origin, ')')
    end as other_says,
    'Local authority' as ask
from pupil_sen as roll
left join pupil_ehcp as plans on roll.pupil_key = plans.pupil_key
left join steps on roll.pupil_key = steps.pupil_key
where
    (roll.provision = 'E') <> coalesce(plans.stage = 'plan', false)
    and coalesce(steps.turned_on <= roll.said_on, true)
    and exists (select anyones.pupil_key from stg_ehcp as anyones)
