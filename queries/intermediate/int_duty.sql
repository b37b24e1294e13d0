-- Every dated duty of every child on roll. Its last day is the one given (by health
-- services, or a term's), otherwise the rule's amount of its unit after the start, by the
-- calendar of the unit; never after the day on which it was found undone. A last day
-- beyond the school's calendar cannot be known. A day of an absence without a reason is a
-- duty until its mark is replaced. status is that of the mart `duty`.
-- Key: pupil_key, rule, started_on.
with starts as (
    from int_duty_pep
    union all by name
    from int_duty_check_up
    union all by name
    from int_duty_ehcp
    union all by name
    from int_duty_suspension
    union all by name
    from int_duty_step
    union all by name
    select distinct
        pupil_key,
        'REGISTER_N' as rule,
        session_date as started_on
    from int_mark_classified
    where code = 'N' and session_date <= register_day()
),

today as (
    select
        school_key,
        max(day_number) as day_number
    from int_day
    where calendar_date <= as_at()
    group by school_key
),

-- the last day on which a duty is due soon: by school days if the calendar has them
limits as (
    select
        today.school_key,
        rules.rule,
        coalesce(school_days.calendar_date, working_days.calendar_date) as soon_until
    from today
    cross join ref_deadline as rules
    inner join today as worked on worked.school_key = 0
    left join int_day as school_days
        on
            today.school_key = school_days.school_key
            and today.day_number + rules.soon_school_days = school_days.day_number
    left join int_day as working_days
        on
            worked.school_key = working_days.school_key
            and worked.day_number + rules.soon_school_days = working_days.day_number
),

dated as (
    select
        on_roll.school_key,
        starts.pupil_key,
        starts.rule,
        rules.holder,
        starts.started_on,
        starts.counts_if_due_from,
        least(starts.found_undone_on, case
            when starts.missing is null
                then
                    coalesce(
                        starts.given_due_date,
                        ends.calendar_date,
                        calendar_due_date(
                            greatest(
                                period_last_day(
                                    starts.started_on,
                                    rules.amount,
                                    rules.unit,
                                    rules.is_first_day_counted
                                ),
                                starts.not_due_before
                            ),
                            -rules.less_weeks,
                            'weeks'
                        )
                    )
        end) as due_date,
        starts.done_date,
        case
            when
                starts.done_date is null
                and starts.is_missed is not true
                and bookings.booked_date
                < coalesce(starts.ends_before, 'infinity'::date)
                then bookings.booked_date
        end as booked_date,
        starts.missing,
        starts.is_missed,
        starts.is_excused,
        starts.has_no_record,
        limits.soon_until,
        coalesce(in_care.is_in_doubt, false)
        and rules.applies_to = 'looked after'
        and starts.done_date is null
        and starts.is_missed is not true as is_in_doubt
    from starts
    inner join int_pupil_on_roll as on_roll on starts.pupil_key = on_roll.pupil_key
    inner join ref_deadline as rules on starts.rule = rules.rule
    inner join limits
        on on_roll.school_key = limits.school_key and starts.rule = limits.rule
    asof left join int_day as begun
        on
            calendar_key(on_roll.school_key, rules.unit) = begun.school_key
            and starts.started_on >= begun.calendar_date
    left join int_day as ends
        on
            begun.school_key = ends.school_key
            and begun.day_number + rules.amount = ends.day_number
    left join int_in_care as in_care on starts.pupil_key = in_care.pupil_key
    left join int_booking as bookings
        on
            starts.pupil_key = bookings.pupil_key
            and rules.subject = bookings.subject
)

select
    school_key,
    pupil_key,
    rule,
    started_on,
    due_date,
    done_date,
    booked_date,
    case
        when done_date is not null and is_excused then 'reason given'
        when done_date is not null then 'done'
        when is_missed then 'missed'
        when is_in_doubt then 'depends on'
        when booked_date > due_date then 'booked late'
        when booked_date is not null then 'booked'
        when due_date is null then 'cannot be known'
        when due_date > soon_until then 'later'
        when due_date >= as_at() then 'due soon'
        when has_no_record then 'not recorded'
        when starts_with(holder, 'school') then 'overdue'
        else 'waiting on others'
    end as status,
    case
        when is_in_doubt then 'whether the child is still looked after'
        when due_date is null
            then coalesce(missing, 'the days of the calendar that follow')
    end as missing,
    coalesce(has_no_record, false) or is_in_doubt as has_no_record
from dated
where coalesce(due_date >= counts_if_due_from, true)
