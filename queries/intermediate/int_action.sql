-- An action about a child, and the newest one that corrects it, on whatever day.
-- corrected_by is null for an action that stands; only such actions count.
-- Key: action_id.
with corrections as (
    select
        corrects as action_id,
        max(action_id) as corrected_by
    from stg_action
    where corrects is not null
    group by corrects
)

select distinct
    actions.school_key,
    actions.pupil_key,
    actions.action_id,
    actions.action_date,
    actions.kind,
    actions.outcome,
    actions.line,
    actions.actor,
    actions.logged_at,
    actions.follow_up_date,
    corrections.corrected_by
from stg_action as actions
left join corrections on actions.action_id = corrections.action_id
