-- What the school owes a child who has left, by each rule whose clock starts with
-- leaving: the last day on which it is in time, null where the school's calendar does not
-- reach so far.  entry_date is the first day of the newest stay: what was sent before it
-- was for an earlier one.
-- Key: school_key, pupil_key, rule.
with stays as (
    select
        school_key,
        pupil_key,
        max(entry_date) as entry_date
    from stg_enrolment
    group by school_key, pupil_key
)

select
    leavers.school_key,
    leavers.pupil_key,
    rules.rule,
    stays.entry_date,
    leavers.leaving_date,
    due_date(
        leavers.school_key, leavers.leaving_date, rules.amount, rules.unit
    ) as due_date
from int_pupil_leaving as leavers
inner join stays
    on
        leavers.school_key = stays.school_key
        and leavers.pupil_key = stays.pupil_key
inner join ref_deadline as rules on rules.clock = 'leaving'
where leavers.leaving_date is not null
