-- What staff did about a child, who logged it, and when. A corrected action is kept, and
-- shows which action replaced it. A call shows its outcome, such as no answer.
--
-- One row for each action dated up to the date you chose. Times are in Greenwich Mean
-- Time.
-- Only actions without a correction count. A correction may be about another day or
-- child.
-- Key: pupil_key, action_id.
-- Null: outcome, line, follow_up_date, corrected_by.
-- Category: duty.
select
    actions.pupil_key,
    pupils.school_key,
    pupils.pupil_id,
    pupils.handle,
    actions.action_id,
    actions.action_date,
    actions.kind,
    actions.outcome,
    actions.line,
    actions.actor,
    actions.logged_at,
    actions.follow_up_date,
    actions.corrected_by
from int_action as actions
inner join stg_pupil as pupils on actions.pupil_key = pupils.pupil_key
where actions.action_date <= as_at()
