-- How far a child's Education, Health and Care Plan has got.
--
-- One row for each child on roll with a recorded step of a plan.
-- The stage is 'plan' while a plan is in force, or if only a step of a review is
-- known. After a plan has ended, the stage is 'ceased' until a new request.
-- Before a plan is issued, the stage comes from the latest step: asked for, being
-- assessed, draft or refused.
-- Whole weeks are counted from the latest request until the plan, the refusal or the end,
-- or else until the date you chose.
-- A request is late if it took longer than the law allows for the final plan. If a lawful
-- delay means that there is no deadline, this is left blank.
-- Key: pupil_key.
-- Null: requested_date, plan_date, last_review_date, week, is_late.
-- Category: plans.
with steps as (
    select
        pupil_key,
        max(ehcp_date) filter (where event = 'requested') as requested_date,
        max(ehcp_date) filter (where event = 'plan issued') as plan_date,
        max(ehcp_date) filter (where event = 'review meeting') as last_review_date,
        max(ehcp_date) filter (
            where event in ('decided to cease', 'ceased')
        ) as ceased_date,
        arg_max(event, (ehcp_date, array_position(
            [
                'requested', 'agreed to assess', 'advice asked', 'advice given',
                'draft issued', 'refused to assess', 'refused to issue',
                'plan issued', 'plan moved', 'move told', 'review meeting',
                'report sent', 'decided to keep',
                'decided to amend', 'amended plan issued', 'decided to cease', 'ceased'
            ],
            event
        ))) filter (where event <> 'lawful delay') as last_event
    from int_ehcp_event
    group by pupil_key
),

ended as (
    select
        steps.pupil_key,
        min(events.ehcp_date) as ended_date
    from steps
    inner join int_ehcp_event as events
        on
            steps.pupil_key = events.pupil_key
            and steps.requested_date <= events.ehcp_date
            and events.event in (
                'plan issued', 'refused to assess', 'refused to issue',
                'decided to cease', 'ceased'
            )
    group by steps.pupil_key
),

delayed as (
    select
        pupil_key,
        max(started_on) as started_on
    from int_duty
    where rule = 'EHC_FINAL' and due_date is null
    group by pupil_key
)

select
    steps.pupil_key,
    pupils.school_key,
    pupils.pupil_id,
    pupils.handle,
    case
        when steps.plan_date > coalesce(steps.ceased_date, '-infinity'::date) then 'plan'
        when steps.ceased_date >= coalesce(steps.requested_date, '-infinity'::date)
            then 'ceased'
        when steps.last_event in ('refused to assess', 'refused to issue') then 'refused'
        when steps.last_event = 'requested' then 'asked for'
        when steps.last_event = 'draft issued' then 'draft'
        when steps.last_event in ('agreed to assess', 'advice asked', 'advice given')
            then 'being assessed'
        else 'plan'
    end as stage,
    steps.requested_date,
    steps.plan_date,
    steps.last_review_date,
    weeks_between(
        steps.requested_date, coalesce(ended.ended_date, as_at())
    )::integer as week,
    case
        when coalesce(delayed.started_on <> steps.requested_date, true)
            then
                coalesce(ended.ended_date, as_at()) > calendar_due_date(
                    steps.requested_date, rules.amount, rules.unit
                )
    end as is_late
from steps
inner join stg_pupil as pupils on steps.pupil_key = pupils.pupil_key
inner join ref_deadline as rules on rules.rule = 'EHC_FINAL'
left join ended on steps.pupil_key = ended.pupil_key
left join delayed on steps.pupil_key = delayed.pupil_key
