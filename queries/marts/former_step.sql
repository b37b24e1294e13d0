-- What the school still has to do for a child who has left or whose care has ended.
--
-- One row for each child and step, for {former_days} from `ended_on`.
-- `due_date` is the last day of a step that starts when a child leaves. It is blank if
-- the step has no last day, or if the calendar does not reach that far.
-- `done_date` is the first action of that kind since `ended_on`, leaving out actions that
-- were corrected.
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
where formers.ended_on + threshold('former_days', as_at())::integer > as_at()
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
