-- The duties whose clocks run from one recorded step to another (ref_duty_step), each
-- with the first later step that does it. A step that also starts the same clock ends the
-- duty before on its day. A clock that starts again does not end the duties before it: an
-- open duty goes on until a step does it, or shows that it was passed, and then it is
-- dropped. Such a step ends only the duties that were open before it: a step after the
-- same clock started again belongs to the later duty, and so does a step after one that
-- replaces the duty. counts_if_due_from and has_no_record: see int_step. There is also a
-- talk for each return of a child who was missing, which is the one in its own row; if a
-- child came back twice in a day, the later talk counts.
-- Key: pupil_key, rule, started_on.
with clocks as (
    select
        steps.pupil_key,
        parts.rule,
        steps.event,
        steps.step_date as started_on,
        steps.counts_if_due_from,
        steps.has_no_record
    from int_step as steps
    inner join ref_duty_step as parts
        on steps.event = parts.event and parts.part = 'starts'
),

ends as (
    select
        clocks.pupil_key,
        clocks.rule,
        clocks.started_on,
        steps.step_date,
        parts.part
    from clocks
    inner join ref_duty_step as parts
        on clocks.rule = parts.rule and parts.part <> 'starts'
    inner join int_step as steps
        on
            clocks.pupil_key = steps.pupil_key
            and parts.event = steps.event
            and steps.step_date
            >= clocks.started_on + (clocks.event = parts.event)::integer
),

ended as (
    select
        pupil_key,
        rule,
        started_on,
        greatest(min(step_date), started_on + 1) as ended_by,
        min(step_date) filter (where part = 'replaces') as replaced_on
    from ends
    group by pupil_key, rule, started_on
),

closed as (
    select
        ended.pupil_key,
        ended.rule,
        ended.started_on,
        coalesce(
            least(later.started_on, ended.replaced_on), 'infinity'::date
        ) as last_date
    from ended
    asof left join clocks as later
        on
            ended.pupil_key = later.pupil_key
            and ended.rule = later.rule
            and ended.ended_by <= later.started_on
)

select
    clocks.pupil_key,
    clocks.rule,
    clocks.started_on,
    clocks.counts_if_due_from,
    clocks.has_no_record,
    min(ends.step_date) filter (
        where ends.part = 'does' and ends.step_date <= closed.last_date
    ) as done_date
from clocks
left join ends
    on
        clocks.pupil_key = ends.pupil_key
        and clocks.rule = ends.rule
        and clocks.started_on = ends.started_on
left join closed
    on
        clocks.pupil_key = closed.pupil_key
        and clocks.rule = closed.rule
        and clocks.started_on = closed.started_on
group by
    clocks.pupil_key,
    clocks.rule,
    clocks.started_on,
    clocks.counts_if_due_from,
    clocks.has_no_record
having count(ends.step_date) = 0 or done_date is not null
union all by name
select
    missing.pupil_key,
    'RETURN_INTERVIEW' as rule,
    missing.back_date as started_on,
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
