-- Changes for a child in the last school days of a rule: suspensions, moves of home
-- within care (without short breaks), and groups of cohort_member that began or ended. A
-- permanent exclusion counts for longer, while no education from day six is known. Going
-- from being in need to a protection plan is no change here: only the safeguarding lead
-- sees that. changed_on is the newest day.
-- Key: pupil_key, rule.
with changes as (
    select
        suspensions.pupil_key,
        if(suspensions.category = 'PERM', 'excluded', 'suspended') as rule,
        suspensions.suspension_date as changed_on,
        duties.pupil_key is not null as goes_on
    from stg_suspension as suspensions
    left join int_duty as duties
        on
            suspensions.pupil_key = duties.pupil_key
            and suspensions.suspension_date = duties.started_on
            and duties.rule = 'EXCLUSION_AP'
            and duties.done_date is null
    union all
    select
        pupil_key,
        'moved_home' as rule,
        counts_from as changed_on,
        false as goes_on
    from int_home
    where is_move
    union all
    select
        pupil_key,
        'care_changed' as rule,
        unnest([counts_from, end_date]) as changed_on,
        false as goes_on
    from int_cohort_stretch
)

select
    changes.pupil_key,
    changes.rule,
    count(distinct changes.changed_on)::integer as figure,
    max(changes.changed_on) as changed_on
from changes
inner join stg_pupil as pupils on changes.pupil_key = pupils.pupil_key
inner join ref_look as rules on changes.rule = rules.rule
inner join int_recent_day as recent
    on
        pupils.school_key = recent.school_key
        and rules.window_unit = 'school day'
        and rules."window" >= recent.days_ago
where
    (changes.changed_on >= recent.school_day or changes.goes_on)
    and changes.changed_on <= as_at()
group by changes.pupil_key, changes.rule
