-- What changed for a child in the last school days of a rule: suspensions, moves of home
-- within care, statuses that began or ended.
-- Key: school_key, pupil_key, rule.
with episodes as (
    select
        school_key,
        pupil_key,
        counts_from,
        home,
        legal_status,
        lag(end_date) over by_pupil as earlier_end,
        lag(home) over by_pupil as earlier_home,
        lag(legal_status) over by_pupil as earlier_legal_status
    from stg_care_episode
    where status = 'looked after'
    window
        by_pupil as (
            partition by school_key, pupil_key
            order by counts_from
        )
),

changes as (
    select
        school_key,
        pupil_key,
        'suspended' as rule,
        suspension_date as changed_on
    from stg_suspension
    union all
    select
        school_key,
        pupil_key,
        'moved home' as rule,
        counts_from as changed_on
    from episodes
    where
        earlier_end = counts_from
        and (
            home is distinct from earlier_home
            or legal_status is not distinct from earlier_legal_status
        )
    union all
    select
        school_key,
        pupil_key,
        'care changed' as rule,
        counts_from as changed_on
    from int_care_period
    union all
    select
        school_key,
        pupil_key,
        'care changed' as rule,
        end_date as changed_on
    from int_care_period
    where end_date is not null
),

starts as (
    select
        recent.school_key,
        rules.rule,
        min(recent.school_day) as first_day
    from int_recent_day as recent
    inner join ref_look as rules on recent.days_ago <= rules."window"
    group by recent.school_key, rules.rule
)

select
    changes.school_key,
    changes.pupil_key,
    changes.rule,
    count(distinct changes.changed_on)::integer as figure,
    null::integer as base
from changes
inner join starts
    on changes.school_key = starts.school_key and changes.rule = starts.rule
where changes.changed_on >= starts.first_day and changes.changed_on <= as_at()
group by changes.school_key, changes.pupil_key, changes.rule
