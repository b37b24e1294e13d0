-- The duties that recur: from each check-up of a child in care to the next of its
-- subject, and before the first from the day on which care began.  The first health
-- assessment has its own rule.  next_due, where health services gave it, rules over the
-- interval.  Before the first check-up nothing tells of a duty unless a record says that
-- it was not done; an initial assessment is also heard of where the child was on roll
-- when care began and the school has a record of any child's assessment.
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

in_care as (
    select
        school_key,
        pupil_key,
        counts_from,
        is_start_known,
        entry_date
    from int_in_care
),

check_ups as (
    select
        school_key,
        pupil_key,
        subject,
        rule,
        event_date,
        is_done,
        next_due
    from int_check_up
),

heard as (
    select distinct school_key
    from check_ups
    where subject = 'health assessment'
),

records as (
    select
        in_care.school_key,
        in_care.pupil_key,
        records.subject,
        records.rule,
        records.event_date,
        records.is_done,
        records.next_due
    from in_care
    inner join check_ups as records
        on
            in_care.school_key = records.school_key
            and in_care.pupil_key = records.pupil_key
            and in_care.counts_from <= records.event_date
),

events as (
    select
        school_key,
        pupil_key,
        rule,
        event_date as started_on,
        next_due,
        lead(event_date) over (
            partition by school_key, pupil_key, subject
            order by event_date
        ) as done_date
    from records
    where is_done
),

firsts as (
    select
        in_care.school_key,
        in_care.pupil_key,
        subjects.first_rule as rule,
        in_care.counts_from as started_on,
        in_care.is_start_known,
        subjects.first_rule = 'IHA'
        and in_care.entry_date <= in_care.counts_from
        and heard.school_key is not null as is_expected,
        count(records.event_date) as record_count,
        min(records.event_date) filter (where records.is_done) as done_date
    from in_care
    cross join subjects
    left join heard on in_care.school_key = heard.school_key
    left join records
        on
            in_care.school_key = records.school_key
            and in_care.pupil_key = records.pupil_key
            and subjects.subject = records.subject
    group by
        in_care.school_key,
        in_care.pupil_key,
        subjects.first_rule,
        in_care.counts_from,
        in_care.is_start_known,
        in_care.entry_date,
        heard.school_key
)

select
    school_key,
    pupil_key,
    rule,
    started_on,
    next_due as given_due_date,
    done_date,
    null as missing,
    false as is_unheard_of
from events
union all
select
    school_key,
    pupil_key,
    rule,
    started_on,
    null::date as given_due_date,
    done_date,
    case when not is_start_known then 'the day on which care began' end as missing,
    not is_expected and record_count = 0 as is_unheard_of
from firsts
where done_date is null or rule = 'IHA'
