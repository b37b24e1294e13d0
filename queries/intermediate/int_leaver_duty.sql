-- What the school owes a child who has left, by each rule whose clock starts with
-- leaving: the last day on which it is in time, null where the school's calendar does not
-- reach so far.  entry_date is the first day of the newest stay: what was sent before it
-- was for an earlier one.
-- Key: pupil_key, rule.
select
    leavers.pupil_key,
    rules.rule,
    leavers.entry_date,
    leavers.leaving_date,
    due_date(
        leavers.school_key, leavers.leaving_date, rules.amount, rules.unit
    ) as due_date
from int_pupil_leaving as leavers
inner join ref_deadline as rules on rules.clock = 'leaving'
where leavers.leaving_date is not null
