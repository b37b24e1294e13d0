-- The duties of a plan's clock, each with the first step since it that does it
-- (ref_ehcp_duty_end).  A duty that nothing did falls away when a later step shows that
-- it was passed, when the plan or the request has ended, or when a later start of the
-- same clock took over.  A review meeting ends the year that began before its own day;
-- so does the decision.  A lawful reason for a delay since the start leaves no last day
-- to tell; so does advice that is asked for from {before_closure_weeks} before the school
-- closes for {long_closure_weeks} or more until {before_closure_weeks} before it opens.
-- A school year that the calendar lacks is no closure.  not_due_before: of a plan that
-- moved to another authority since the start, the last of the {EHC_MOVE_REVIEW} after it.
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

closures as (
    select
        school_key,
        closed_from,
        opens_on
    from openings
    where
        academic_year_start(opens_on) <= academic_year_start(closed_from) + 1
        and opens_on
        >= calendar_due_date(
            closed_from, threshold('long_closure_weeks', as_at())::integer, 'weeks'
        )
),

near_closure as (
    select distinct
        events.pupil_key,
        events.ehcp_date
    from int_ehcp_event as events
    inner join int_pupil_on_roll as on_roll on events.pupil_key = on_roll.pupil_key
    inner join closures
        on
            on_roll.school_key = closures.school_key
            and calendar_due_date(
                events.ehcp_date,
                threshold('before_closure_weeks', as_at())::integer,
                'weeks'
            )
            between closures.closed_from and closures.opens_on
),

steps as (
    select
        clocks.pupil_key,
        clocks.rule,
        clocks.started_on,
        clocks.counts_if_due_from,
        clocks.next_date,
        events.ehcp_date,
        case
            when
                ends.part <> 'delays near a closure'
                or near_closure.ehcp_date is not null
                then ends.part
        end as part,
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
    left join near_closure
        on
            events.pupil_key = near_closure.pupil_key
            and events.ehcp_date = near_closure.ehcp_date
    left join ref_ehcp_duty_end as ends
        on
            clocks.rule = ends.rule
            and events.event = ends.event
),

gathered as (
    select
        pupil_key,
        rule,
        started_on,
        counts_if_due_from,
        next_date,
        min(ehcp_date) filter (where part = 'does' and is_of_clock) as done_date,
        coalesce(bool_or(part = 'passes'), false) as is_passed,
        coalesce(
            bool_or(is_of_clock and starts_with(part, 'delays')), false
        ) as is_delayed
    from steps
    group by pupil_key, rule, started_on, counts_if_due_from, next_date
),

moves as (
    select distinct
        pupil_key,
        rule,
        started_on,
        ehcp_date
    from steps
    where part = 'defers' and is_of_clock
)

select
    gathered.pupil_key,
    gathered.rule,
    gathered.started_on,
    gathered.counts_if_due_from,
    gathered.done_date,
    case when gathered.is_delayed then 'the deadline after a lawful delay' end as missing,
    period_last_day(
        moves.ehcp_date, reviews.amount, reviews.unit, reviews.is_first_day_counted
    ) as not_due_before
from gathered
inner join ref_deadline as reviews on reviews.rule = 'EHC_MOVE_REVIEW'
asof left join moves
    on
        gathered.pupil_key = moves.pupil_key
        and gathered.rule = moves.rule
        and gathered.started_on = moves.started_on
        and coalesce(gathered.done_date, 'infinity'::date) >= moves.ehcp_date
where
    gathered.done_date is not null
    or (gathered.next_date is null and not gathered.is_passed)
