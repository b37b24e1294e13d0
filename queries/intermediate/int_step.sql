-- A step that starts the clock of a duty, does one, or shows that one was passed
-- (ref_duty_step), taken by the day asked for, of a child on roll then. A duty that such
-- a step starts does not count if it was due before counts_if_due_from; has_no_record
-- means that nothing shows whether it was done. `enquiry` has the date of the strategy
-- discussion at which a section 47 enquiry began: the last one up to the day on which the
-- enquiry began, or that day if no discussion is recorded. If no beginning is recorded it
-- is the first discussion since an earlier enquiry ended: a later discussion does not
-- move it.
-- Key: pupil_key, event, step_date.
-- Null: counts_if_due_from.
with numbered as (
    select
        steps.pupil_key,
        steps.event,
        steps.stage,
        steps.protection_date,
        -- in two counts, since an engine counts a frame of days wrongly without an error
        count(ends.event)
            over (
                partition by steps.pupil_key
                order by steps.protection_date
            )
        - count(ends.event) over (
            partition by steps.pupil_key, steps.protection_date
        ) as ended_before
    from int_protection_event as steps
    left join ref_duty_step as ends
        on
            ends.rule = 'ICPC'
            and ends.part <> 'starts'
            and steps.event = ends.event
),

enquiries as (
    select
        pupil_key,
        coalesce(
            max(
                case when event = 'strategy discussion' then protection_date end
            ) over so_far,
            protection_date
        ) as last_date,
        min(protection_date) over enquiry as first_date,
        event <> 'strategy discussion' as is_beginning,
        bool_or(event <> 'strategy discussion') over enquiry as is_beginning_told
    from numbered
    where stage = 'enquiry'
    window
        enquiry as (partition by pupil_key, ended_before),
        so_far as (
            partition by pupil_key, ended_before
            order by protection_date
        )
)

select
    pupil_key,
    event,
    protection_date as step_date,
    false as has_no_record
from int_protection_event
union all by name
select distinct
    pupil_key,
    'enquiry' as event,
    case when is_beginning then last_date else first_date end as step_date,
    false as has_no_record
from enquiries
where is_beginning or not is_beginning_told
union all by name
from int_review_step
