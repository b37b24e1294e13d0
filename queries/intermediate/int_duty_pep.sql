-- The PEP duties of a child in care: the first within its working days, where the child
-- was on roll by then, and one in each term that began with the child in care and on
-- roll.  A meeting that comes late ends a term's duty too.  One that was due before
-- counts_if_due_from is none: that is the child's entry, and the September before the
-- school's first record of any meeting, before which nothing tells; a school without a
-- record has the newest term alone.
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

held as (
    select
        pupil_key,
        pep_date
    from stg_pep
    where outcome = 'held' and pep_date <= as_at()
),

duties as (
    select
        in_care.pupil_key,
        'PEP_COMPLETE' as rule,
        in_care.counts_from as started_on,
        greatest(in_care.entry_date, recorded.first_date) as counts_if_due_from,
        case when not in_care.is_start_known then 'the day on which care began' end
            as missing,
        recorded.first_date is null as has_no_record
    from int_in_care as in_care
    inner join recorded on in_care.school_key = recorded.school_key
    union all by name
    select
        in_care.pupil_key,
        'PEP_REVIEW' as rule,
        terms.first_day as started_on,
        terms.last_day as given_due_date,
        coalesce(
            recorded.first_date,
            max(terms.last_day) over (partition by in_care.pupil_key)
        ) as counts_if_due_from,
        recorded.first_date is null as has_no_record
    from int_in_care as in_care
    inner join recorded on in_care.school_key = recorded.school_key
    inner join int_term as terms
        on
            in_care.school_key = terms.school_key
            and in_care.counts_from < terms.first_day
            and in_care.entry_date <= terms.first_day
            and terms.first_day <= as_at()
)

select
    duties.pupil_key,
    duties.rule,
    duties.started_on,
    duties.given_due_date,
    duties.counts_if_due_from,
    held.pep_date as done_date,
    duties.missing,
    duties.has_no_record
from duties
asof left join held
    on duties.pupil_key = held.pupil_key and duties.started_on <= held.pep_date
