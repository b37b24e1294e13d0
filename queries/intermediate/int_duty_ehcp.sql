-- The duties of a plan's clock, each with the first step after it that does it.  A duty
-- falls away when the plan has ceased, when the authority refused to assess (all but the
-- decision itself), when no amendment was decided (the amended plan), and when a later
-- start of the same clock took over.
-- Key: school_key, pupil_key, rule, started_on.
with done_by as (
    select
        unnest(
            [
                ('EHC_DECIDE_ASSESS', 'agreed to assess'),
                ('EHC_DECIDE_ASSESS', 'refused to assess'),
                ('EHC_ADVICE', 'advice given'),
                ('EHC_REFUSE_PLAN', 'draft issued'),
                ('EHC_REFUSE_PLAN', 'plan issued'),
                ('EHC_REFUSE_PLAN', 'refused to issue'),
                ('EHC_FINAL', 'plan issued'),
                ('EHC_FINAL', 'refused to issue'),
                ('EHC_AR_MEETING', 'review meeting'),
                ('EHC_AR_REPORT', 'report sent'),
                ('EHC_AR_DECISION', 'decided to keep'),
                ('EHC_AR_DECISION', 'decided to amend'),
                ('EHC_AR_DECISION', 'decided to cease'),
                ('EHC_AR_FINAL', 'amended plan issued'),
                ('EHC_PHASE_TRANSFER', 'plan issued'),
                ('EHC_PHASE_TRANSFER', 'amended plan issued')
            ]
        ) as pair
),

steps as (
    select
        clocks.school_key,
        clocks.pupil_key,
        clocks.rule,
        clocks.started_on,
        clocks.due_date,
        clocks.next_date,
        events.event,
        events.ehcp_date,
        done_by.pair is not null as is_doing
    from int_ehcp_clock as clocks
    left join int_ehcp_event as events
        on
            clocks.school_key = events.school_key
            and clocks.pupil_key = events.pupil_key
            and clocks.started_on <= events.ehcp_date
    left join done_by
        on clocks.rule = done_by.pair[1] and events.event = done_by.pair[2]
),

gathered as (
    select
        school_key,
        pupil_key,
        rule,
        started_on,
        due_date,
        next_date,
        min(ehcp_date) filter (where is_doing) as done_date,
        bool_or(event in ('ceased', 'decided to cease')) as has_ceased,
        bool_or(
            event = 'refused to assess'
            and ehcp_date < coalesce(next_date, 'infinity'::date)
        ) as was_refused,
        arg_min(event, ehcp_date) filter (where event like 'decided to %')
            as first_decision
    from steps
    group by school_key, pupil_key, rule, started_on, due_date, next_date
)

select
    gathered.school_key,
    gathered.pupil_key,
    gathered.rule,
    gathered.started_on,
    gathered.due_date,
    case
        when
            gathered.done_date < coalesce(gathered.next_date, 'infinity'::date)
            or gathered.rule = 'EHC_AR_MEETING'
            then gathered.done_date
    end as done_date,
    null as missing,
    false as is_unheard_of
from gathered
where
    gathered.done_date is not null
    or (
        not coalesce(gathered.has_ceased, false)
        and (
            gathered.rule = 'EHC_DECIDE_ASSESS'
            or not coalesce(gathered.was_refused, false)
        )
        and (
            gathered.rule <> 'EHC_AR_FINAL'
            or gathered.first_decision = 'decided to amend'
        )
        and gathered.next_date is null
    )
