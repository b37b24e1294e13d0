-- One row a child in care and kind of check: the last that was done, what came of the
-- newest record, and the next day on which one is booked.  state on the day asked for: up
-- to date, not up to date, or not recorded where no record of the kind is there.  A check
-- stays up to date until the day that health services gave with it, else for the time of
-- its rule; immunisations and the optician, for which no rule gives a time, for
-- {check_months}.  Immunisations last found not done are not up to date.  Health
-- assessments count from the day on which care began, the other checks whenever they
-- were.
-- Key: school_key, pupil_key, subject.
-- Category: health.
with subjects as (
    select
        kinds.kind,
        case
            when kinds.kind in ('initial assessment', 'review assessment')
                then 'health assessment'
            else kinds.kind::varchar
        end as subject
    from (select unnest(enum_range(null::health_kind)) as kind) as kinds
),

records as (
    select
        in_care.school_key,
        in_care.pupil_key,
        subjects.subject,
        events.kind,
        events.health_date,
        events.outcome,
        events.next_due,
        events.reason,
        events.age_band
    from int_in_care as in_care
    inner join stg_health as events
        on
            in_care.school_key = events.school_key
            and in_care.pupil_key = events.pupil_key
    inner join subjects on events.kind = subjects.kind
    where
        events.outcome <> 'booked'
        and events.health_date <= as_at()
        and (
            subjects.subject <> 'health assessment'
            or in_care.counts_from <= events.health_date
        )
),

newest as (
    select
        school_key,
        pupil_key,
        subject,
        max(health_date) filter (where outcome = 'done') as last_done_date,
        arg_max_null(next_due, (health_date, kind)) filter (
            where outcome = 'done'
        ) as next_due,
        arg_max(age_band, (health_date, kind)) filter (
            where outcome = 'done'
        ) as age_band,
        arg_max(outcome, (health_date, kind)) as last_outcome,
        arg_max_null(reason, (health_date, kind)) as last_reason
    from records
    group by school_key, pupil_key, subject
),

dated as (
    select
        newest.school_key,
        newest.pupil_key,
        newest.subject,
        newest.last_done_date,
        newest.last_outcome,
        newest.last_reason,
        coalesce(
            newest.next_due,
            (
                newest.last_done_date
                + to_months(
                    coalesce(
                        rules.amount, threshold('check_months', as_at())::integer
                    )
                )
            )::date
        ) as good_until
    from newest
    left join ref_deadline as rules
        on
            case
                when newest.subject = 'dental check' then 'DENTAL_YEARLY'
                when newest.subject <> 'health assessment' then null
                when newest.age_band = 'under 5' then 'RHA_U5'
                else 'RHA_5PLUS'
            end = rules.rule
),

listed as (
    select distinct
        in_care.school_key,
        in_care.pupil_key,
        subjects.subject
    from int_in_care as in_care
    cross join subjects
)

select
    listed.school_key,
    listed.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    listed.subject,
    dated.last_done_date,
    dated.last_outcome::varchar as last_outcome,
    reasons.label as last_reason,
    bookings.booked_date,
    case
        when dated.pupil_key is null then 'not recorded'
        when dated.last_outcome = 'not done' and listed.subject = 'immunisations'
            then 'not up to date'
        when dated.good_until >= as_at() then 'up to date'
        else 'not up to date'
    end as state
from listed
inner join stg_pupil as pupils on listed.pupil_key = pupils.pupil_key
left join dated
    on
        listed.school_key = dated.school_key
        and listed.pupil_key = dated.pupil_key
        and listed.subject = dated.subject
left join int_booking as bookings
    on
        listed.school_key = bookings.school_key
        and listed.pupil_key = bookings.pupil_key
        and listed.subject = bookings.subject
left join ref_health_reason as reasons on dated.last_reason = reasons.code
