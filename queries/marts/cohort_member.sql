-- One row a child who is on roll and looked after, previously looked after, or has a
-- social worker on the day asked for.  cohort is the group the child is listed under:
-- looked after first, then a social worker, then previously looked after; the three
-- booleans say all that hold.  looked_after_since is null when the child is not looked
-- after or nobody knows the start; is_looked_after_12_months is null with it.
-- authority, legal_status and home_kind are those of the newest episode of care on the
-- day, short breaks (V3, V4) left out; null where it does not record them.
-- is_restricted: the data may be kept but not used, and only the safeguarding lead sees
-- the child; to everybody else such a child has no row.
-- Key: school_key, pupil_key.
-- Category: care.
with groups as (
    select
        school_key,
        pupil_key,
        bool_or(cohort = 'looked after') as is_looked_after,
        bool_or(cohort = 'previously looked after') as is_previously_looked_after,
        bool_or(cohort = 'has a social worker') as has_social_worker,
        min(counts_from) filter (
            where cohort = 'looked after' and is_start_known
        ) as looked_after_since
    from int_cohort_period
    where
        counts_from <= as_at()
        and as_at() < coalesce(end_date, 'infinity'::date)
    group by school_key, pupil_key
),

-- the newest episode of care; plain arg_max would step over what it leaves blank
homes as (
    select
        episodes.school_key,
        episodes.pupil_key,
        arg_max_null(episodes.authority, episodes.counts_from) as authority,
        arg_max_null(legal.label, episodes.counts_from) as legal_status,
        arg_max_null(episodes.home, episodes.counts_from) as home
    from stg_care_episode as episodes
    left join ref_legal_status as legal on episodes.legal_status = legal.code
    where
        episodes.status = 'looked after'
        and not coalesce(legal.is_short_break, false)
        and episodes.counts_from <= as_at()
        and as_at() < coalesce(episodes.end_date, 'infinity'::date)
    group by episodes.school_key, episodes.pupil_key
)

select
    groups.school_key,
    groups.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    on_roll.year_group,
    on_roll.entry_date,
    case
        when groups.is_looked_after then 'looked after'
        when groups.has_social_worker then 'has a social worker'
        else 'previously looked after'
    end as cohort,
    groups.is_looked_after,
    groups.is_previously_looked_after,
    groups.has_social_worker,
    groups.looked_after_since,
    groups.looked_after_since
    + to_months(threshold('looked_after_months', as_at())::integer)
    <= as_at() as is_looked_after_12_months,
    homes.authority,
    homes.legal_status,
    kinds.label as home_kind,
    restrictions.pupil_key is not null as is_restricted
from groups
inner join stg_pupil as pupils on groups.pupil_key = pupils.pupil_key
inner join int_pupil_on_roll as on_roll
    on
        groups.school_key = on_roll.school_key
        and groups.pupil_key = on_roll.pupil_key
left join homes
    on
        groups.school_key = homes.school_key
        and groups.pupil_key = homes.pupil_key
left join ref_home_kind as kinds on homes.home = kinds.code
left join stg_restriction as restrictions
    on
        groups.school_key = restrictions.school_key
        and groups.pupil_key = restrictions.pupil_key
