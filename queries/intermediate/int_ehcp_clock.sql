-- What starts a plan's clock: a request, advice asked for, a plan or a decision that
-- begins the year to the next review, a review meeting, a notice of amendment, a move to
-- another authority, and the September of
-- {transfer_year_group} for a child whose plan had not ended; counts_if_due_from is then
-- the day of its first issue, since a plan issued after the last day was never due by it.
-- next_date is when the next of its kind begins, which ends the search for what was done.
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
)

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
