-- The duties whose clocks run from one recorded step to another (ref_duty_step), each
-- with the first step since it that does it; a step that also starts the same clock ends
-- the one before on its day.  The same clock that begins anew takes nothing away: what is
-- open goes on until a step does it, or shows that it was passed, and then falls away.
-- Such a step ends what it found open and no more: what is done after the same clock
-- began anew was another one's.  counts_if_due_from and has_no_record: see int_step.
-- And a talk for each return of a child who was missing, which is that of its own row;
-- where a child came back twice in a day, the later of the two talks.
-- Key: pupil_key, rule, started_on.
with clocks as (
    select
        steps.pupil_key,
        parts.rule,
        steps.step_date as started_on,
        steps.counts_if_due_from,
        steps.has_no_record,
        steps.step_date + coalesce(ends.event is not null, false)::integer as ends_from
    from int_step as steps
    inner join ref_duty_step as parts
        on steps.event = parts.event and parts.part = 'starts'
    left join ref_duty_step as ends
        on
            parts.rule = ends.rule
            and parts.event = ends.event
            and ends.part <> 'starts'
),

ends as (
    select
        steps.pupil_key,
        parts.rule,
        steps.step_date,
        parts.part = 'does' as is_doing
    from int_step as steps
    inner join ref_duty_step as parts
        on steps.event = parts.event and parts.part <> 'starts'
),

doings as (
    from ends
    where is_doing
),

ended as (
    select
        clocks.pupil_key,
        clocks.rule,
        clocks.started_on,
        clocks.counts_if_due_from,
        clocks.has_no_record,
        clocks.ends_from,
        ends.step_date as first_date
    from clocks
    asof left join ends
        on
            clocks.pupil_key = ends.pupil_key
            and clocks.rule = ends.rule
            and clocks.ends_from <= ends.step_date
),

closed as (
    select
        ended.pupil_key,
        ended.rule,
        ended.started_on,
        ended.counts_if_due_from,
        ended.has_no_record,
        ended.ends_from,
        ended.first_date,
        coalesce(later.started_on, 'infinity'::date) as last_date
    from ended
    asof left join clocks as later
        on
            ended.pupil_key = later.pupil_key
            and ended.rule = later.rule
            and greatest(ended.first_date, ended.started_on + 1) <= later.started_on
)

select
    closed.pupil_key,
    closed.rule,
    closed.started_on,
    closed.counts_if_due_from,
    closed.has_no_record,
    case when doings.step_date <= closed.last_date then doings.step_date end
        as done_date
from closed
asof left join doings
    on
        closed.pupil_key = doings.pupil_key
        and closed.rule = doings.rule
        and closed.ends_from <= doings.step_date
where closed.first_date is null or doings.step_date <= closed.last_date
union all by name
select
    missing.pupil_key,
    'RETURN_INTERVIEW' as rule,
    missing.back_date as started_on,
    null::date as counts_if_due_from,
    false as has_no_record,
    case
        when
            bool_and(
                coalesce(
                    missing.interview <> 'not offered'
                    and missing.interview_date between missing.back_date and as_at(),
                    false
                )
            )
            then max(missing.interview_date)
    end as done_date
from stg_missing as missing
inner join int_pupil_on_roll as on_roll on missing.pupil_key = on_roll.pupil_key
where missing.back_date <= as_at()
group by missing.pupil_key, missing.back_date
