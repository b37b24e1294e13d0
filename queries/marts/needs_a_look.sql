-- Why a child needs attention: a figure has reached the school's threshold. Logging what
-- you did closes the reason, unless the figure gets worse.
--
-- One row for each child and reason on the date you chose.
-- Nothing is added up into a score.
-- A reason is closed if somebody logged an action in the last {action_closes_days},
-- counting the day of the action. A reason that is about a change, such as a move or a
-- suspension, is closed only by an action on or after the day of the change.
-- A closed reason opens again if the child's figure gets worse, with a few exceptions.
-- Weekdays are numbered from 1 (Monday) to 5 (Friday).
-- If an SDQ score has risen, the reason also shows the earlier score.
-- Child protection reasons are listed separately: see `every_look`.
-- Key: pupil_key, rule.
-- Null: base, duties, weekday, changed_on, days, informant.
-- Category: duty.
from every_look
where category <> 'child_protection'
