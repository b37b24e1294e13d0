-- Every dated duty of every child on roll, before its status: its last day is the one
-- given (by health services, or a term's), else the rule's amount of its unit after the
-- start, by the calendar that the unit names, as due_date() has it.  A last day that
-- lies beyond the school's calendar cannot be known.
-- Key: school_key, pupil_key, rule, started_on.
with starts as (
    select
        school_key,
        pupil_key,
        rule,
        started_on,
        given_due_date,
        counts_if_due_from,
        done_date,
        missing,
        is_unheard_of
    from int_duty_pep
    union all
    select
        school_key,
        pupil_key,
        rule,
        started_on,
        given_due_date,
        null::date as counts_if_due_from,
        done_date,
        missing,
        is_unheard_of
    from int_duty_check_up
    union all
    select
        school_key,
        pupil_key,
        rule,
        started_on,
        null::date as given_due_date,
        counts_if_due_from,
        done_date,
        null as missing,
        false as is_unheard_of
    from int_duty_ehcp
    union all
    select
        school_key,
        pupil_key,
        rule,
        started_on,
        null::date as given_due_date,
        null::date as counts_if_due_from,
        null::date as done_date,
        null as missing,
        false as is_unheard_of
    from int_duty_register
),

dated as (
    select
        starts.school_key,
        starts.pupil_key,
        starts.rule,
        starts.started_on,
        case
            when starts.missing is not null then null
            when starts.given_due_date is not null then starts.given_due_date
            when rules.unit = 'working days' then working_ends.calendar_date
            when rules.unit = 'school days' then school_ends.calendar_date
            else calendar_due_date(starts.started_on, rules.amount, rules.unit)
        end as due_date,
        starts.counts_if_due_from,
        starts.done_date,
        starts.missing,
        starts.is_unheard_of
    from starts
    inner join ref_deadline as rules on starts.rule = rules.rule
    left join int_day as begun
        on
            starts.school_key = begun.school_key
            and starts.started_on = begun.calendar_date
    left join int_day as working_ends
        on
            starts.school_key = working_ends.school_key
            and working_ends.is_working_day
            and begun.working_place + rules.amount = working_ends.working_place
    left join int_day as school_ends
        on
            starts.school_key = school_ends.school_key
            and school_ends.is_school_day
            and begun.school_place + rules.amount = school_ends.school_place
)

select
    school_key,
    pupil_key,
    rule,
    started_on,
    due_date,
    done_date,
    case
        when due_date is null
            then coalesce(missing, 'the days of the calendar that follow')
    end as missing,
    is_unheard_of
from dated
where coalesce(due_date >= counts_if_due_from, true)
