-- The duties that recur: from each check-up of a child in care, or reason why there can
-- be none, to the next one of its subject; and before the first, from the day on which
-- care began. A check-up is a health assessment, a dental check, immunisations found up
-- to date, a visit to the optician, or an SDQ scored by the carer; a reason why there can
-- be no score counts in its place. Each starts the clock of a rule; that of a health
-- assessment depends on the age band on its own row. The first health assessment has its
-- own rule. If health services gave a next date (next_due), that date replaces the
-- interval. Before the first check-up nothing shows a duty unless a record says that it
-- was not done. An initial assessment is also known to be missing if the child was on
-- roll when care began and the school has a record of any child's assessment.
-- Immunisations and the optician are due from their first record on, done or not.
-- found_undone_on is the day on which immunisations that had been done were first found
-- not done again, or not done yet; they are due by then. seen_on is the next check-up
-- that took place, which ends the duty before a reason of the same day why there can be
-- none.
-- Key: pupil_key, rule, started_on.
with records as (
    select
        pupil_key,
        subject,
        health_date as event_date,
        kind,
        age_band,
        outcome = 'done' as is_done,
        false as is_excused,
        next_due
    from stg_health
    where outcome <> 'booked'
    union all by name
    select
        pupil_key,
        'SDQ by the carer' as subject,
        sdq_date as event_date,
        total is not null as is_done,
        total is null and reason is not null as is_excused
    from stg_sdq
    where informant = 'carer'
),

days as (
    select
        pupil_key,
        subject,
        event_date,
        bool_or(is_done) as is_done,
        bool_or(is_excused) and not bool_or(is_done) as is_excused,
        coalesce(
            arg_max(age_band, kind) filter (where is_done), max(age_band)
        )::varchar as age_band,
        max(next_due) filter (where is_done) as next_due
    from records
    where event_date <= as_at()
    group by pupil_key, subject, event_date
),

check_ups as (
    select
        days.pupil_key,
        days.subject,
        days.event_date,
        days.is_done,
        days.is_excused,
        rules.rule,
        days.next_due
    from days
    inner join ref_deadline as rules
        on
            days.subject = rules.subject
            and starts_with(rules.clock, 'previous ')
            and (
                rules.applies_at is null or contains(rules.applies_at, days.age_band)
            )
),

subjects as (
    select
        subject,
        coalesce(
            max(rule) filter (where clock = 'becoming looked after'), max(rule)
        ) as first_rule
    from ref_deadline
    where subject is not null
    group by subject
    having bool_or(starts_with(clock, 'previous '))
),

events as (
    select
        records.pupil_key,
        records.rule,
        records.event_date as started_on,
        records.next_due as given_due_date,
        records.is_done or records.is_excused as is_start,
        min(
            case when records.is_done or records.is_excused then records.event_date end
        ) over ahead as done_date,
        min(case when records.is_done then records.event_date end) over ahead as seen_on,
        min(
            case
                when not records.is_done and records.rule = 'IMMUNISATIONS_YEARLY'
                    then records.event_date
            end
        ) over ahead as found_undone_on
    from int_in_care as in_care
    inner join check_ups as records
        on
            in_care.pupil_key = records.pupil_key
            and in_care.counts_from <= records.event_date
    window
        ahead as (
            partition by records.pupil_key, records.subject
            order by records.event_date
            rows between 1 following and unbounded following
        )
),

firsts as (
    select
        in_care.pupil_key,
        subjects.first_rule as rule,
        in_care.counts_from as started_on,
        case when not in_care.is_start_known then 'the day on which care began' end
            as missing,
        min(records.event_date) filter (
            where records.is_done or records.is_excused
        ) as done_date,
        arg_min(records.is_excused, records.event_date) filter (
            where records.is_done or records.is_excused
        ) as is_excused,
        min(records.event_date) filter (
            where records.rule = 'IMMUNISATIONS_YEARLY'
        ) as found_undone_on,
        count(records.event_date) = 0
        and not (
            subjects.first_rule = 'IHA'
            and in_care.entry_date <= in_care.counts_from
            and exists (
                select 1
                from int_school_heard as heard
                where
                    heard.school_key = in_care.school_key
                    and as_at() >= heard.heard_from
            )
        ) as has_no_record
    from int_in_care as in_care
    cross join subjects
    left join check_ups as records
        on
            in_care.pupil_key = records.pupil_key
            and subjects.subject = records.subject
            and in_care.counts_from <= records.event_date
    group by
        in_care.school_key,
        in_care.pupil_key,
        subjects.first_rule,
        in_care.counts_from,
        in_care.is_start_known,
        in_care.entry_date
)

select
    pupil_key,
    rule,
    started_on,
    given_due_date,
    done_date,
    done_date < coalesce(seen_on, 'infinity'::date) as is_excused,
    case
        when found_undone_on < coalesce(done_date, 'infinity'::date) then found_undone_on
    end as found_undone_on,
    false as has_no_record
from events
where is_start
union all by name
select
    pupil_key,
    rule,
    started_on,
    done_date,
    is_excused,
    found_undone_on,
    missing,
    has_no_record
from firsts
where
    (done_date is null or rule = 'IHA')
    and not (has_no_record and rule in ('IMMUNISATIONS_YEARLY', 'OPTICIAN_YEARLY'))
