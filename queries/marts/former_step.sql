-- What the school still has to do for a child who has left or whose care has ended.
--
-- One row for each child and step, for {former_days} after the child left or care ended,
-- or after the step's due date if that is later.
-- A step is done once an action of its kind is logged after the child left or care
-- ended. Actions that were corrected do not count.
-- Key: pupil_key, step.
-- Null: due_date, done_date.
-- Category: plans.
select
    formers.pupil_key,
    formers.school_key,
    formers.pupil_id,
    formers.handle,
    formers.year_group,
    formers.why,
    formers.ended_on,
    steps.step,
    steps.name,
    max(owed.due_date) as due_date,
    min(actions.action_date) as done_date
from former_member as formers
inner join ref_former_step as steps
    on steps.why in ('any', formers.why)
left join int_leaver_duty as owed
    on formers.pupil_key = owed.pupil_key and steps.rule = owed.rule
left join int_action as actions
    on
        formers.pupil_key = actions.pupil_key
        and steps.step = actions.kind
        and actions.corrected_by is null
        and actions.action_date between formers.ended_on - 1 and as_at()
where
    greatest(formers.ended_on, owed.due_date)
    + threshold('former_days', as_at())::integer > as_at()
group by
    formers.pupil_key,
    formers.school_key,
    formers.pupil_id,
    formers.handle,
    formers.year_group,
    formers.why,
    formers.ended_on,
    steps.step,
    steps.name
