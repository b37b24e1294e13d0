-- The PEP duties of a child in care. The first one is due within its working days, if the
-- child was on roll by then. For a child who joined the school later, the first one since
-- is due within school days of joining. And one is due in each term that began with the
-- child in care, from the day of joining, unless the time after joining ends in a later
-- term. A meeting in a term, or in the holidays after it, ends that term's duty and no
-- other: is_missed means that a term went by without one, from the first day of the next.
-- A duty that was due before counts_if_due_from does not count. That is the later of the
-- child's entry and the September before the school's first record of any meeting, since
-- nothing is known before. For a school without a record only the newest term counts.
-- Key: pupil_key, rule, started_on.
with recorded as (
    select
        schools.school_key,
        least(
            min(meetings.pep_date), first_of_september(min(meetings.pep_date))
        ) as first_date
    from stg_school as schools
    left join stg_pep as meetings
        on schools.school_key = meetings.school_key and meetings.pep_date <= as_at()
    group by schools.school_key
),

calendars as (
    select
        school_key,
        min(calendar_date) as first_day
    from stg_calendar_day
    group by school_key
),

meetings as (
    select
        pupil_key,
        pep_date,
        outcome = 'held' as is_held
    from stg_pep
    where
        (outcome = 'held' and pep_date <= as_at())
        or (outcome = 'booked' and pep_date >= as_at())
),

terms as (
    select
        school_key,
        first_day,
        last_day,
        lead(first_day) over (
            partition by school_key
            order by first_day
        ) as next_first_day
    from int_term
),

-- the due dates of the two first meetings, null if they cannot be known; has_joined is
-- false for a child who was in the school before care began, or before the calendar
firsts as (
    select
        in_care.school_key,
        in_care.pupil_key,
        in_care.counts_from,
        in_care.is_start_known,
        in_care.entry_date,
        recorded.first_date,
        case
            when in_care.is_start_known then complete_ends.calendar_date
        end as complete_due_date,
        coalesce(
            in_care.entry_date > in_care.counts_from
            and in_care.entry_date >= calendars.first_day,
            false
        ) as has_joined,
        case when has_joined then joined_ends.calendar_date end as joined_due_date
    from int_in_care as in_care
    inner join recorded on in_care.school_key = recorded.school_key
    inner join ref_deadline as completing on completing.rule = 'PEP_COMPLETE'
    inner join ref_deadline as joining on joining.rule = 'PEP_JOINED'
    left join calendars on in_care.school_key = calendars.school_key
    asof left join int_day as begun
        on
            calendar_key(in_care.school_key, completing.unit) = begun.school_key
            and in_care.counts_from >= begun.calendar_date
    left join int_day as complete_ends
        on
            begun.school_key = complete_ends.school_key
            and begun.day_number + completing.amount = complete_ends.day_number
    asof left join int_day as entered
        on
            calendar_key(in_care.school_key, joining.unit) = entered.school_key
            and in_care.entry_date >= entered.calendar_date
    left join int_day as joined_ends
        on
            entered.school_key = joined_ends.school_key
            and entered.day_number + joining.amount = joined_ends.day_number
),

duties as (
    select
        pupil_key,
        'PEP_COMPLETE' as rule,
        counts_from as started_on,
        complete_due_date as given_due_date,
        greatest(entry_date, first_date) as counts_if_due_from,
        case when not is_start_known then 'the day on which care began' end as missing,
        first_date is null as has_no_record
    from firsts
    union all by name
    select
        pupil_key,
        'PEP_JOINED' as rule,
        entry_date as started_on,
        joined_due_date as given_due_date,
        first_date as counts_if_due_from,
        first_date is null as has_no_record
    from firsts
    where
        has_joined
        and coalesce(complete_due_date < entry_date, true)
    union all by name
    select
        firsts.pupil_key,
        'PEP_REVIEW' as rule,
        greatest(terms.first_day, firsts.entry_date) as started_on,
        terms.last_day as given_due_date,
        coalesce(
            firsts.first_date,
            max(terms.last_day) over (partition by firsts.pupil_key)
        ) as counts_if_due_from,
        firsts.first_date is null as has_no_record,
        terms.next_first_day
    from firsts
    inner join terms
        on
            firsts.school_key = terms.school_key
            and firsts.counts_from < terms.first_day
            and terms.first_day <= as_at()
            and (
                firsts.entry_date <= terms.first_day
                or (
                    firsts.entry_date <= terms.last_day
                    and firsts.joined_due_date <= terms.last_day
                )
            )
)

select
    duties.pupil_key,
    duties.rule,
    duties.started_on,
    duties.given_due_date,
    duties.counts_if_due_from,
    case
        when
            meetings.is_held
            and meetings.pep_date < coalesce(duties.next_first_day, 'infinity'::date)
            then meetings.pep_date
    end as done_date,
    duties.missing,
    duties.has_no_record,
    duties.next_first_day as ends_before,
    coalesce(duties.next_first_day <= as_at(), false) as is_missed
from duties
asof left join meetings
    on
        duties.pupil_key = meetings.pupil_key
        and duties.started_on <= meetings.pep_date
