-- The duties of a plan's clock, each with the first step since it that does it
-- (ref_ehcp_duty_end).  A duty that nothing did falls away when a later step shows that
-- it was passed, when the plan or the request has ended, or when a later start of the
-- same clock took over.  A review meeting ends the year that began before its own day;
-- so does the decision.  A lawful reason for a delay since the start leaves no last day
-- to tell.
-- Key: pupil_key, rule, started_on.
with steps as (
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
    pupil_key,
    rule,
    started_on,
    counts_if_due_from,
    done_date,
    case when is_delayed then 'the last day after a lawful delay' end as missing
from gathered
where
    done_date is not null
    or (next_date is null and not is_passed)
