-- What the roll says about a child's special educational needs, and when it said so. A
-- child with no entry up to the date you chose has no row.
--
-- One row for each child with an entry, and the date that the entry is for.
-- N means that the roll records no special educational needs.
-- Key: pupil_key.
-- Category: plans.
select
    on_roll.pupil_key,
    pupils.school_key,
    pupils.pupil_id,
    pupils.handle,
    stays.sen_provision::varchar as provision,
    kinds.label,
    stays.year_group_date as said_on,
    coalesce(sources.file_name, 'typed') as file_name
from int_pupil_on_roll as on_roll
inner join stg_enrolment as stays
    on
        on_roll.pupil_key = stays.pupil_key
        and on_roll.entry_date = stays.entry_date
inner join stg_pupil as pupils on on_roll.pupil_key = pupils.pupil_key
inner join ref_sen_provision as kinds on stays.sen_provision = kinds.code
left join stg_source as sources on stays.source_id = sources.source_id
where stays.year_group_date <= as_at()
