-- The school that a child goes to. A child who is on the roll of several schools has the
-- names of them all.
--
-- One row for each child on a roll on the date you chose.
-- Key: pupil_key.
-- Category: care.
select
    on_roll.school_key,
    on_roll.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    string_agg(distinct schools.school_name, ' and ' order by schools.school_name)
        as school_names
from int_pupil_on_roll as on_roll
inner join stg_pupil as pupils on on_roll.pupil_key = pupils.pupil_key
inner join stg_enrolment as stays
    on
        on_roll.pupil_key = stays.pupil_key
        and is_in_period(as_at(), stays.entry_date, stays.end_date)
inner join stg_school as schools on stays.school_key = schools.school_key
group by on_roll.school_key, on_roll.pupil_key, pupils.pupil_id, pupils.handle
