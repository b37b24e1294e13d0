-- What starts a plan's clock: a request, advice asked for, a plan or a decision that
-- begins the year to the next review, a review meeting, the September of Year 6.
-- next_date is when the next of its kind begins, which ends the search for what was done.
-- Key: school_key, pupil_key, rule, started_on.
with starts as (
    select
        school_key,
        pupil_key,
        ehcp_date,
        case
            when event = 'requested' then 'requested'
            when event = 'advice asked' then 'advice asked'
            when event = 'review meeting' then 'review meeting'
            when event in ('plan issued', 'decided to keep', 'decided to amend')
                then 'plan issued or review decision'
        end as clock
    from int_ehcp_event
),

distinct_starts as (
    select
        school_key,
        pupil_key,
        clock,
        ehcp_date as started_on,
        lead(ehcp_date) over (
            partition by school_key, pupil_key, clock
            order by ehcp_date
        ) as next_date
    from starts
    where clock is not null
    group by school_key, pupil_key, clock, ehcp_date
)

select
    starts.school_key,
    starts.pupil_key,
    rules.rule,
    starts.started_on,
    starts.next_date,
    due_date(starts.school_key, starts.started_on, rules.amount, rules.unit) as due_date
from distinct_starts as starts
inner join ref_deadline as rules
    on starts.clock = rules.clock and rules.is_tracked
union all
select
    on_roll.school_key,
    on_roll.pupil_key,
    rules.rule,
    make_date(academic_year_start(as_at()), 9, 1) as started_on,
    null::date as next_date,
    due_date(
        on_roll.school_key,
        make_date(academic_year_start(as_at()), 9, 1),
        rules.amount,
        rules.unit
    ) as due_date
from int_pupil_on_roll as on_roll
inner join ref_deadline as rules on rules.rule = 'EHC_PHASE_TRANSFER'
where
    on_roll.year_group = 6
    and exists (
        select 1
        from int_ehcp_event as plans
        where
            plans.school_key = on_roll.school_key
            and plans.pupil_key = on_roll.pupil_key
            and plans.event = 'plan issued'
    )
