-- Written by `python -m queries.contract.generate`: change the registry instead.
-- One row for each time that somebody told of a former pupil who has left care.
-- Key: pupil_key, care_leaver_date.
-- Null: activity.
-- Null: accommodation.
-- Category: child_protection.
-- Page: Care leavers.
select
    facts.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    facts.care_leaver_date,
    in_touch_list.label as in_touch,
    activity_list.label as activity,
    accommodation_list.label as accommodation
from stg_care_leaver as facts
inner join stg_pupil as pupils on facts.pupil_key = pupils.pupil_key
left join ref_leaver_touch as in_touch_list
    on facts.in_touch = in_touch_list.code
left join ref_leaver_activity as activity_list
    on facts.activity = activity_list.code
left join ref_leaver_home as accommodation_list
    on facts.accommodation = accommodation_list.code
where facts.care_leaver_date <= as_at()
