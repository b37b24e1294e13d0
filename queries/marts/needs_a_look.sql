-- Why a child needs attention: a figure has reached the school's threshold. Log what you
-- did, and the reason closes for a time unless the figure gets worse.
--
-- One row for each child and reason on the date you chose. A child is listed if a
-- figure reached the school's threshold in the period that the rule covers.
-- Nothing is added up into a score.
-- `is_closed` means that somebody logged an action in the last {action_closes_days},
-- counting the day of the action, and not before `changed_on`. The reason opens again if
-- its figure gets worse than it was then. For some rules an action counts whatever the
-- figure.
-- `closed_on` and `closed_by` give the latest such action, and are blank while the reason
-- is open.
-- `duties` are the rules of the steps that the reason is about. `weekday` is the day that
-- is missed, 1 for Monday.
-- `changed_on` is the latest day of a suspension, a move, a change in care or a review.
-- `days` is the number of days with a session that has no reason. `informant` is who
-- filled in the form whose score rose, and base is then the score before.
-- Child protection reasons are not included: see `every_look`.
-- Key: pupil_key, rule.
-- Null: base, duties, weekday, changed_on, days, informant, closed_on, closed_by.
-- Category: duty.
select
    pupil_key,
    school_key,
    pupil_id,
    handle,
    year_group,
    rule,
    figure,
    base,
    duties,
    weekday,
    changed_on,
    days,
    informant,
    window_length,
    is_closed,
    closed_on,
    closed_by,
    category
from every_look
where category <> 'child_protection'
