-- What changed for a child in the last school days of a rule: suspensions, moves of home
-- within care (short breaks left out), groups of cohort_member that began or ended.
-- Between being in need and a protection plan nothing changes here: that is for the
-- safeguarding lead alone.
-- Key: school_key, pupil_key, rule.
with episodes as (
    select
        episodes.school_key,
        episodes.pupil_key,
        episodes.counts_from,
        coalesce(episodes.home, '') as home,
        coalesce(episodes.legal_status, '') as legal_status,
        lag(episodes.end_date) over by_pupil as earlier_end,
        lag(coalesce(episodes.home, '')) over by_pupil as earlier_home,
        lag(coalesce(episodes.legal_status, '')) over by_pupil as earlier_legal_status
    from stg_care_episode as episodes
    left join ref_legal_status as legal on episodes.legal_status = legal.code
    where
        episodes.status = 'looked after'
        and not coalesce(legal.is_short_break, false)
    window
        by_pupil as (
            partition by episodes.school_key, episodes.pupil_key
            order by episodes.counts_from
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
        'moved_home' as rule,
        counts_from as changed_on
    from episodes
    where
        earlier_end = counts_from
        and (home <> earlier_home or legal_status = earlier_legal_status)
    union all
    select
        school_key,
        pupil_key,
        'care_changed' as rule,
        unnest([counts_from, end_date]) as changed_on
    from int_cohort_stretch
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
