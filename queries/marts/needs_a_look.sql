-- One row a child on these pages and reason to need attention on the day asked for.
-- A reason is a rule whose figure has reached the school's threshold within its window;
-- nothing is added up or weighed.  is_closed: somebody logged an action of any kind in
-- the last {action_closes_days} (its own day is the first) and not before changed_on,
-- when the rule listed the child with a figure as large as now or larger, or with any
-- where the rule lists until somebody acts; closed_on and closed_by say when and by
-- what, of several the newest; null while it is open.  duties: the rules of the duties
-- that it is about.  weekday: of one that is missed, Monday being 1.  changed_on: the
-- newest day of a suspension, a move, a change of care, or of a review.
-- days: on how many the sessions without a reason were.  informant: who filled in the
-- form whose score rose; base is then their score before.
-- Those of child protection are left out: see every_look.
-- Key: pupil_key, rule.
-- Null: base, duties, weekday, changed_on, days, informant, closed_on, closed_by.
-- Category: duty.
-- Short: Why a child needs attention: a figure has reached the school's limit.
-- Short: Log what you did, and it closes for a time, unless the figure gets worse.
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
