-- The duties of a plan's clock, each with the first later step that does it
-- (ref_ehcp_duty_end). A clock starts with a request, advice asked for, a plan or a
-- decision that begins the year to the next review, a review meeting, a notice of
-- amendment, or a move to another authority. It also starts with the September of
-- {transfer_year_group} for a child whose plan had not ended; counts_if_due_from is then
-- the day of its first issue, since a plan issued after the last day was never due by it.
-- A duty that nothing did is dropped when a later step shows that it was passed, when the
-- plan or the request has ended, or when the same clock started again. A review meeting
-- ends the year that began before its own day; so does the decision. With a lawful reason
-- for a delay since the start, the last day is not known. The same holds for advice that
-- is asked for from {before_closure_weeks} before the school closes for
-- {long_closure_weeks} or more until {before_closure_weeks} before it opens. A school
-- year that the calendar lacks is no closure. not_due_before: the last day of
-- {EHC_MOVE_REVIEW} after a plan moved to another authority since the start.
-- Key: pupil_key, rule, started_on.
with starts as (
    select
        pupil_key,
        ehcp_date,
        unnest([
            case
                when
                    event in (
                        'requested', 'advice asked', 'review meeting',
                        'decided to amend', 'plan moved'
                    )
                    then event
            end,
            case
                when event in ('plan issued', 'decided to keep', 'decided to amend')
                    then 'plan issued or review decision'
            end
        ]) as clock
    from int_ehcp_event
),

-- next_date is when the next clock of its kind starts, which ends the search for a step
distinct_starts as (
    select
        pupil_key,
        clock,
        ehcp_date as started_on,
        lead(ehcp_date) over (
            partition by pupil_key, clock
            order by ehcp_date
        ) as next_date
    from starts
    where clock is not null
    group by pupil_key, clock, ehcp_date
),

plans as (
    select
        pupil_key,
        min(ehcp_date) filter (where event = 'plan issued') as first_issued,
        max(ehcp_date) filter (where event = 'plan issued') as last_issued,
        max(ehcp_date) filter (
            where
            event in ('decided to cease', 'ceased')
            and ehcp_date < first_of_september(as_at())
        ) as ended_date
    from int_ehcp_event
    group by pupil_key
),

clocks as (
    select
        begun.pupil_key,
        rules.rule,
        begun.clock,
        begun.started_on,
        begun.next_date
    from distinct_starts as begun
    inner join ref_deadline as rules
        on begun.clock = rules.clock and rules.is_tracked
    union all by name
    select
        on_roll.pupil_key,
        'EHC_PHASE_TRANSFER' as rule,
        first_of_september(as_at()) as started_on,
        plans.first_issued as counts_if_due_from
    from int_pupil_on_roll as on_roll
    inner join plans on on_roll.pupil_key = plans.pupil_key
    where
        on_roll.year_group = threshold('transfer_year_group', as_at())
        and first_of_september(as_at()) <= as_at()
        and plans.last_issued > coalesce(plans.ended_date, '-infinity'::date)
),

openings as (
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
    from clocks
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
