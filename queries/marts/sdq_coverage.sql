-- Whether each child in care has a carer's SDQ score, a reason why there is none, or
-- neither. A score counts until the next one is due.
--
-- One row for each child in care on the date you chose.
-- A score or reason counts for {SDQ_YEARLY}, and only if it is dated since care began. A
-- score beside a reason is a score.
-- Children looked after for {looked_after_months} are marked, as in the national figure,
-- and so are children with an unknown start of care.
-- Key: pupil_key.
-- Category: wellbeing.
select
    in_care.school_key,
    in_care.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    case
        when bool_or(scores.total is not null) then 'score'
        when bool_or(scores.reason is not null) then 'reason'
        else 'missing'
    end as said,
    coalesce(bool_or(members.is_looked_after_12_months), false)
        as is_looked_after_12_months,
    in_care.is_start_known
from int_in_care as in_care
inner join stg_pupil as pupils on in_care.pupil_key = pupils.pupil_key
left join int_member as members on in_care.pupil_key = members.pupil_key
left join int_yearly_sdq as scores on in_care.pupil_key = scores.pupil_key
group by
    in_care.school_key,
    in_care.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    in_care.is_start_known
