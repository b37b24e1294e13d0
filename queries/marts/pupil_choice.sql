-- Written by `python -m queries.contract.generate`: change the registry instead.
-- One row for each kind of data that was given by choice.
-- Key: pupil_key, item, choice_date.
-- Null: taken_back_date.
-- Category: plans.
-- Page: Given by choice.
select
    facts.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    facts.choice_date,
    item_list.label as item,
    facts.given_by::varchar as given_by,
    facts.taken_back_date
from stg_choice as facts
inner join stg_pupil as pupils on facts.pupil_key = pupils.pupil_key
left join ref_choice_item as item_list
    on facts.item = item_list.code
where facts.choice_date <= as_at()
