-- A dated event that satisfies a yearly or half-yearly duty of a child in care: a health
-- assessment, a dental check, immunisations found up to date, a visit to the optician, an
-- SDQ scored by the carer.  rule is the one whose clock it starts again: a health
-- assessment's by the age band on its own row.  A record that it was not done has is_done
-- false; is_excused is one that gives the reason why there can be no score, which stands
-- in its place.
-- Key: pupil_key, subject, event_date.
with records as (
    select
        school_key,
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
        school_key,
        pupil_key,
        'SDQ by the carer' as subject,
        sdq_date as event_date,
        total is not null as is_done,
        total is null and reason is not null as is_excused
    from stg_sdq
    where informant = 'carer'
),

events as (
    select
        max(school_key) as school_key,
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
)

select
    events.school_key,
    events.pupil_key,
    events.subject,
    events.event_date,
    events.is_done,
    events.is_excused,
    rules.rule,
    events.next_due
from events
inner join ref_deadline as rules
    on
        events.subject = rules.subject
        and starts_with(rules.clock, 'previous ')
        and (rules.applies_at is null or contains(rules.applies_at, events.age_band))
