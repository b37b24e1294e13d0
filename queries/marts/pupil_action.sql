-- What somebody did about a child, who wrote it down, and when. A line that was corrected
-- is kept, and shows which line replaced it.
--
-- One row for each action logged about a child, dated by the date you chose.
-- `line` is what they wrote, if anything. `actor` is who logged it. `logged_at` is when,
-- in Greenwich Mean Time.
-- `follow_up_date` is the review date, if there is one.
-- `corrected_by` is the later action that replaces this one, even if that one is about
-- another day or child. It is blank for an action that counts.
-- Key: pupil_key, action_id.
-- Null: line, follow_up_date, corrected_by.
-- Category: duty.
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
