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
    begun.school_key,
    begun.pupil_key,
    rules.rule,
    begun.started_on,
    begun.next_date,
    due_date(begun.school_key, begun.started_on, rules.amount, rules.unit) as due_date
from distinct_starts as begun
inner join ref_deadline as rules
    on begun.clock = rules.clock and rules.is_tracked
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
        from int_ehcp_event as issued
        where
            issued.school_key = on_roll.school_key
            and issued.pupil_key = on_roll.pupil_key
            and issued.event = 'plan issued'
    )
