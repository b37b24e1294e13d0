-- How many children in care have a carer's SDQ score, a reason why there is none, or
-- neither. A score counts until the next one is due.
--
-- One row for each school, for the children in care on the date you chose.
-- A score or reason counts for {SDQ_YEARLY}, and only if it is dated since care began.
-- Children looked after for {looked_after_months} are also counted on their own, as in
-- the national figure. Children with an unknown start of care are counted separately.
-- Key: school_key.
-- Category: wellbeing.
with newest as (
    select
        in_care.school_key,
        in_care.pupil_key,
        in_care.is_start_known,
        coalesce(bool_or(members.is_looked_after_12_months), false) as is_of_the_national,
        coalesce(bool_or(scores.total is not null), false) as has_score,
        coalesce(bool_or(scores.reason is not null), false) as has_reason
    from int_in_care as in_care
    left join int_member as members on in_care.pupil_key = members.pupil_key
    left join int_yearly_sdq as scores on in_care.pupil_key = scores.pupil_key
    group by in_care.school_key, in_care.pupil_key, in_care.is_start_known
)

select
    school_key,
    count(*)::integer as children,
    count(*) filter (where has_score)::integer as scored_children,
    count(*) filter (where has_reason and not has_score)::integer as reason_children,
    count(*) filter (
        where not has_score and not has_reason
    )::integer as missing_children,
    count(*) filter (where is_of_the_national)::integer as long_children,
    count(*) filter (
        where is_of_the_national and has_score
    )::integer as long_scored_children,
    count(*) filter (where not is_start_known)::integer as unknown_children
from newest
group by school_key
