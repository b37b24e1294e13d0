-- One row an action that somebody logged about a child, dated by the day asked for.
-- line: what they wrote, null for nothing.  actor: who logged it, and
-- logged_at when, by UTC.  follow_up_date: the
-- review date, null for none.  corrected_by: the newer action that stands
-- in for it, of whatever day and child, null for one that stands.
-- Key: pupil_key, action_id.
-- Null: line, follow_up_date, corrected_by.
-- Category: duty.
-- Short: What somebody did about a child, who wrote it down, and when.
-- Short: A line that was corrected stays, and says which line stands in its place.
select
    actions.pupil_key,
    pupils.school_key,
    pupils.pupil_id,
    pupils.handle,
    actions.action_id,
    actions.action_date,
    actions.kind,
    actions.line,
    actions.actor,
    actions.logged_at,
    actions.follow_up_date,
    actions.corrected_by
from int_action as actions
inner join stg_pupil as pupils on actions.pupil_key = pupils.pupil_key
where actions.action_date <= as_at()
