-- The PEP duties of a child in care: the first within its working days, where the child
-- was on roll by then, and one in each term that began with the child in care and on
-- roll.  A meeting that comes late ends a term's duty too.  One that was due before
-- counts_if_due_from is none: that is the child's entry, and the September before the
-- school's first record of any meeting, before which nothing tells; a school without a
-- record has the newest term alone.
-- Key: school_key, pupil_key, rule, started_on.
with in_care as (
    select
        school_key,
        pupil_key,
        counts_from,
        is_start_known,
        entry_date
    from int_in_care
),

heard as (
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

newest_term as (
    select
        school_key,
        max(last_day) as last_day
    from int_term
    where first_day <= as_at()
    group by school_key
),

duties as (
    select
        in_care.school_key,
        in_care.pupil_key,
        'PEP_COMPLETE' as rule,
        in_care.counts_from as started_on,
        null::date as given_due_date,
        greatest(in_care.entry_date, heard.first_date) as counts_if_due_from,
        in_care.is_start_known,
        heard.first_date
    from in_care
    inner join heard on in_care.school_key = heard.school_key
    union all
    select
        in_care.school_key,
        in_care.pupil_key,
        'PEP_REVIEW' as rule,
        terms.first_day as started_on,
        terms.last_day as given_due_date,
        coalesce(heard.first_date, newest_term.last_day) as counts_if_due_from,
        true as is_start_known,
        heard.first_date
    from in_care
    inner join heard on in_care.school_key = heard.school_key
    inner join newest_term on in_care.school_key = newest_term.school_key
    inner join int_term as terms
        on
            in_care.school_key = terms.school_key
            and in_care.counts_from < terms.first_day
            and in_care.entry_date <= terms.first_day
            and terms.first_day <= as_at()
)

select
    duties.school_key,
    duties.pupil_key,
    duties.rule,
    duties.started_on,
    duties.given_due_date,
    duties.counts_if_due_from,
    min(held.pep_date) as done_date,
    case
        when not duties.is_start_known then 'the day on which care began'
    end as missing,
    duties.first_date is null as is_unheard_of
from duties
left join int_held_pep as held
    on
        duties.school_key = held.school_key
        and duties.pupil_key = held.pupil_key
        and duties.started_on <= held.pep_date
group by
    duties.school_key,
    duties.pupil_key,
    duties.rule,
    duties.started_on,
    duties.given_due_date,
    duties.counts_if_due_from,
    duties.is_start_known,
    duties.first_date
