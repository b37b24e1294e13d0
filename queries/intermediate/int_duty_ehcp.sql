-- The duties of a plan's clock, each with the first step since it that does it
-- (ref_ehcp_duty_end).  A duty that nothing did falls away when a later step shows that
-- it was passed, when the plan or the request has ended, or when a later start of the
-- same clock took over.  A review meeting ends the year that began before its own day;
-- so does the decision.  A lawful reason for a delay since the start leaves no last day
-- to tell; so does advice that is asked for from {before_closure_weeks} before the school
-- closes for {long_closure_weeks} or more until {before_closure_weeks} before it opens.
-- A school year that the calendar lacks is no closure.
-- Key: pupil_key, rule, started_on.
with openings as (
    select
        school_key,
        calendar_date + 1 as closed_from,
        lead(calendar_date) over (
            partition by school_key
            order by calendar_date
        ) as opens_on
    from stg_calendar_day
    where is_school_day
),

asked_near_closure as (
    select distinct
        clocks.pupil_key,
        clocks.rule,
        clocks.started_on
    from int_ehcp_clock as clocks
    inner join int_pupil_on_roll as on_roll on clocks.pupil_key = on_roll.pupil_key
    inner join openings
        on
            on_roll.school_key = openings.school_key
            and academic_year_start(openings.opens_on)
            <= academic_year_start(openings.closed_from) + 1
            and openings.opens_on
            >= openings.closed_from
            + to_weeks(threshold('long_closure_weeks', as_at())::integer)
            and clocks.started_on
            + to_weeks(threshold('before_closure_weeks', as_at())::integer)
            between openings.closed_from and openings.opens_on
    where clocks.clock = 'advice asked'
),

steps as (
    select
        clocks.pupil_key,
        clocks.rule,
        clocks.started_on,
        clocks.counts_if_due_from,
        clocks.next_date,
        clocks.clock in ('requested', 'advice asked')
        and events.event = 'lawful delay' as is_delay,
        events.event,
        events.ehcp_date,
        ends.is_doing,
        case
            when clocks.clock = 'plan issued or review decision'
                then
                    events.ehcp_date > clocks.started_on
                    and events.ehcp_date <= coalesce(clocks.next_date, 'infinity'::date)
            else events.ehcp_date < coalesce(clocks.next_date, 'infinity'::date)
        end as is_of_clock
    from int_ehcp_clock as clocks
    left join int_ehcp_event as events
        on
            clocks.pupil_key = events.pupil_key
            and clocks.started_on <= events.ehcp_date
    left join ref_ehcp_duty_end as ends
        on clocks.rule = ends.rule and events.event = ends.event
),

gathered as (
    select
        pupil_key,
        rule,
        started_on,
        counts_if_due_from,
        next_date,
        min(ehcp_date) filter (where is_doing and is_of_clock) as done_date,
        coalesce(bool_or(not is_doing), false) as is_passed,
        coalesce(bool_or(is_delay and is_of_clock), false) as is_delayed
    from steps
    group by pupil_key, rule, started_on, counts_if_due_from, next_date
)

select
    gathered.pupil_key,
    gathered.rule,
    gathered.started_on,
    gathered.counts_if_due_from,
    gathered.done_date,
    case
        when gathered.is_delayed or asked.rule is not null
            then 'the last day after a lawful delay'
    end as missing
from gathered
left join asked_near_closure as asked
    on
        gathered.pupil_key = asked.pupil_key
        and gathered.rule = asked.rule
        and gathered.started_on = asked.started_on
where
    gathered.done_date is not null
    or (gathered.next_date is null and not gathered.is_passed)
