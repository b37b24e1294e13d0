-- The children these pages are about, and the groups that each one is in. Groups have
-- start and end dates, so the list depends on the date you chose.
--
-- One row for each child who is on roll and is looked after, was looked after before, or
-- has a social worker.
-- A child in several groups is listed under the first of these: looked after, has a
-- social worker, previously looked after. The yes-or-no columns show all the child's
-- groups.
-- The start of being looked after is blank if the child is not looked after, or if the
-- date is not known.
-- The key stage is that of the school year that the child is in.
-- Sex is F, M or U, as on the roll.
-- The authority, legal status and kind of home come from the latest care episode on the
-- date you chose, leaving out short breaks (V3, V4). The child has lived in that home
-- since the day shown: a change of legal status alone is no new home.
-- A restriction means that the data may be kept but not used. Only the safeguarding lead
-- can see a child with a restriction.
-- Key: pupil_key.
-- Null: looked_after_since, is_looked_after_12_months, authority, legal_status.
-- Null: home_kind, home_since, key_stage.
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
    episodes.home_since,
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
    on
        members.year_group
        between key_stages.first_year::integer and key_stages.last_year::integer
left join int_newest_episode as episodes
    on members.pupil_key = episodes.pupil_key
left join stg_restriction as restrictions on members.pupil_key = restrictions.pupil_key
