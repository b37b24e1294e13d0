-- An action about a child, and by which newer one it was corrected, whatever that one's
-- day; null for one that stands, and only that one counts for anything.
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
