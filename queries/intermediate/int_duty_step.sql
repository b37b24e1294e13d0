-- The duties whose clocks run from one recorded step to another (ref_duty_step), each
-- with the first step since it that does it.  A step that also starts the same clock
-- ends the one before on its day; any other one does so up to the day of the next
-- start.  A duty that nothing did falls away when a later step shows that it was passed,
-- or when the same clock began anew.  counts_if_due_from and has_no_record: see int_step.
-- Key: pupil_key, rule, started_on.
with clocks as (
    select
        steps.pupil_key,
        parts.rule,
        steps.event,
        steps.step_date as started_on,
        steps.counts_if_due_from,
        steps.has_no_record,
        lead(steps.step_date) over (
            partition by steps.pupil_key, parts.rule
            order by steps.step_date
        ) as next_date
    from int_step as steps
    inner join ref_duty_step as parts
        on steps.event = parts.event and parts.part = 'starts'
),

ends as (
    select
        steps.pupil_key,
        parts.rule,
        steps.event,
        steps.step_date,
        parts.part = 'does' as is_doing
    from int_step as steps
    inner join ref_duty_step as parts
        on steps.event = parts.event and parts.part <> 'starts'
),

gathered as (
    select
        clocks.pupil_key,
        clocks.rule,
        clocks.started_on,
        clocks.next_date,
        clocks.counts_if_due_from,
        clocks.has_no_record,
        min(ends.step_date) filter (where ends.is_doing) as first_date,
        coalesce(bool_or(not ends.is_doing), false) as is_passed
    from clocks
    left join ends
        on
            clocks.pupil_key = ends.pupil_key
            and clocks.rule = ends.rule
            and ends.step_date
            >= clocks.started_on + (clocks.event = ends.event)::integer
    group by
        clocks.pupil_key,
        clocks.rule,
        clocks.started_on,
        clocks.next_date,
        clocks.counts_if_due_from,
        clocks.has_no_record
)

select
    pupil_key,
    rule,
    started_on,
    counts_if_due_from,
    has_no_record,
    case
        when first_date <= coalesce(next_date, 'infinity'::date) then first_date
    end as done_date
from gathered
where
    first_date <= coalesce(next_date, 'infinity'::date)
    or (next_date is null and not is_passed)
