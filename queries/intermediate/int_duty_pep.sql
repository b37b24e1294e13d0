-- The PEP duties of a child in care: the first within its working days, where the child
-- was on roll by then, and one in each term that began with the child in care and on
-- roll.  A meeting that comes late ends a term's duty too.
-- Key: school_key, pupil_key, rule, started_on.
with firsts as (
    select
        in_care.school_key,
        in_care.pupil_key,
        rules.rule,
        in_care.counts_from as started_on,
        in_care.is_start_known,
        case
            when in_care.is_start_known
                then
                    due_date(
                        in_care.school_key, in_care.counts_from, rules.amount, rules.unit
                    )
        end as due_date,
        in_care.entry_date
    from int_in_care as in_care
    inner join ref_deadline as rules on rules.rule = 'PEP_COMPLETE'
),

terms as (
    select
        in_care.school_key,
        in_care.pupil_key,
        'PEP_REVIEW' as rule,
        terms.first_day as started_on,
        true as is_start_known,
        terms.last_day as due_date,
        in_care.entry_date
    from int_in_care as in_care
    inner join int_term as terms
        on
            in_care.school_key = terms.school_key
            and in_care.counts_from < terms.first_day
            and in_care.entry_date <= terms.first_day
            and terms.first_day <= as_at()
),

duties as (
    select
        school_key,
        pupil_key,
        rule,
        started_on,
        is_start_known,
        due_date
    from firsts
    where coalesce(due_date >= entry_date, true)
    union all
    select
        school_key,
        pupil_key,
        rule,
        started_on,
        is_start_known,
        due_date
    from terms
)

select
    duties.school_key,
    duties.pupil_key,
    duties.rule,
    duties.started_on,
    duties.due_date,
    min(held.pep_date) as done_date,
    case
        when not duties.is_start_known then 'the day on which care began'
    end as missing,
    not exists (from stg_pep) as is_unheard_of
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
    duties.due_date,
    duties.is_start_known
