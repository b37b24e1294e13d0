-- One row a child who is on roll and looked after, previously looked after, or has a
-- social worker on the day asked for.  cohort is the group the child is listed under:
-- looked after first, then a social worker, then previously looked after; the three
-- booleans say all that hold.  looked_after_since is null when the child is not looked
-- after or nobody knows the start; is_looked_after_12_months is null with it.
-- sex is that of the roll: F, M or U.
-- authority, legal_status and home_kind are those of the newest episode of care on the
-- day, short breaks (V3, V4) left out; null where it does not record them.
-- is_restricted: the data may be kept but not used, and only the safeguarding lead sees
-- the child; to everybody else such a child has no row.
-- Key: pupil_key.
-- Null: looked_after_since, is_looked_after_12_months, authority, legal_status.
-- Null: home_kind.
-- Category: care.
-- Short: The children whom these pages are about, and why each one is there.
-- Short: Each is in care, was in care, or has a social worker, on the day asked for.
select
    members.school_key,
    members.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    members.year_group,
    stays.sex,
    stays.entry_date,
    case
        when members.is_looked_after then 'looked after'
        when members.has_social_worker then 'has a social worker'
        else 'previously looked after'
    end as cohort,
    members.is_looked_after,
    members.is_previously_looked_after,
    members.has_social_worker,
    members.looked_after_since,
    members.is_looked_after_12_months,
    episodes.authority,
    episodes.legal_status,
    episodes.home_kind,
    restrictions.pupil_key is not null as is_restricted
from int_member as members
inner join stg_pupil as pupils on members.pupil_key = pupils.pupil_key
inner join stg_enrolment as stays
    on
        members.school_key = stays.school_key
        and members.pupil_key = stays.pupil_key
        and members.entry_date = stays.entry_date
left join int_newest_episode as episodes
    on members.pupil_key = episodes.pupil_key
left join stg_restriction as restrictions on members.pupil_key = restrictions.pupil_key
