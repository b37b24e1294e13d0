-- The children these pages are about, and which group each one is in. Groups have start
-- and end dates, so the list depends on the date you chose.
--
-- One row for each child who is on roll and is looked after, was looked after before, or
-- has a social worker.
-- `cohort` is the group that the child is listed under. Looked after comes first, then
-- has a social worker, then previously looked after. The yes-or-no columns show every
-- group that the child is in.
-- `looked_after_since` is blank if the child is not looked after, or if the start date is
-- not known. `is_looked_after_12_months` is then blank too.
-- `key_stage` is that of the school year the child is in.
-- `sex` is that of the roll: F, M or U.
-- `authority`, `legal_status` and `home_kind` come from the latest care episode on that
-- date, leaving out short breaks (V3, V4). They are blank if it does not record them.
-- `is_restricted` means that the data may be kept but not used. Only the safeguarding
-- lead can see such a child.
-- Key: pupil_key.
-- Null: looked_after_since, is_looked_after_12_months, authority, legal_status.
-- Null: home_kind, key_stage.
-- Category: care.
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
    restrictions.pupil_key is not null as is_restricted,
    key_stages.label as key_stage
from int_member as members
inner join stg_pupil as pupils on members.pupil_key = pupils.pupil_key
inner join stg_enrolment as stays
    on
        members.school_key = stays.school_key
        and members.pupil_key = stays.pupil_key
        and members.entry_date = stays.entry_date
left join ref_key_stage as key_stages
    on members.year_group between key_stages.first_year and key_stages.last_year
left join int_newest_episode as episodes
    on members.pupil_key = episodes.pupil_key
left join stg_restriction as restrictions on members.pupil_key = restrictions.pupil_key
