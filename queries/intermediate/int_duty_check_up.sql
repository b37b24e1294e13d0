-- The duties that recur: from each check-up of a child in care to the next of its
-- subject, and before the first from the day on which care began.  The first health
-- assessment has its own rule.  next_due, where health services gave it, rules over the
-- interval.
-- Key: school_key, pupil_key, rule, started_on.
with subjects as (
    select
        'health assessment' as subject,
        'IHA' as first_rule
    union all
    select
        'dental check' as subject,
        'DENTAL_YEARLY' as first_rule
    union all
    select
        'SDQ by the carer' as subject,
        'SDQ_YEARLY' as first_rule
),

events as (
    select
        in_care.school_key,
        in_care.pupil_key,
        events.subject,
        events.rule,
        events.event_date as started_on,
        events.next_due,
        lead(events.event_date) over (
            partition by in_care.school_key, in_care.pupil_key, events.subject
            order by events.event_date
        ) as done_date
    from int_in_care as in_care
    inner join int_check_up as events
        on
            in_care.school_key = events.school_key
            and in_care.pupil_key = events.pupil_key
            and in_care.counts_from <= events.event_date
),

firsts as (
    select
        in_care.school_key,
        in_care.pupil_key,
        subjects.subject,
        subjects.first_rule as rule,
        in_care.counts_from as started_on,
        in_care.is_start_known,
        in_care.entry_date,
        min(events.started_on) as done_date
    from int_in_care as in_care
    cross join subjects
    left join events
        on
            in_care.school_key = events.school_key
            and in_care.pupil_key = events.pupil_key
            and subjects.subject = events.subject
    group by
        in_care.school_key,
        in_care.pupil_key,
        subjects.subject,
        subjects.first_rule,
        in_care.counts_from,
        in_care.is_start_known,
        in_care.entry_date
)

select
    events.school_key,
    events.pupil_key,
    events.rule,
    events.started_on,
    coalesce(
        events.next_due,
        due_date(events.school_key, events.started_on, rules.amount, rules.unit)
    ) as due_date,
    events.done_date,
    null as missing,
    false as is_unheard_of
from events
inner join ref_deadline as rules on events.rule = rules.rule
union all
select
    firsts.school_key,
    firsts.pupil_key,
    firsts.rule,
    firsts.started_on,
    case
        when firsts.is_start_known
            then due_date(firsts.school_key, firsts.started_on, rules.amount, rules.unit)
    end as due_date,
    firsts.done_date,
    case
        when not firsts.is_start_known then 'the day on which care began'
    end as missing,
    firsts.rule <> 'IHA' or firsts.entry_date > firsts.started_on as is_unheard_of
from firsts
inner join ref_deadline as rules on firsts.rule = rules.rule
where firsts.done_date is null or firsts.rule = 'IHA'
