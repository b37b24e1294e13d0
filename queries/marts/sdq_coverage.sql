-- One row a school: of the children in care on the day asked for, how many have a score
-- by the carer in the 12 months up to it, how many have only a reason why not, and how
-- many have neither.
-- Key: school_key.
-- Category: wellbeing.
with newest as (
    select
        in_care.school_key,
        in_care.pupil_key,
        bool_or(scores.total is not null) as has_score,
        bool_or(scores.reason is not null) as has_reason
    from int_in_care as in_care
    left join stg_sdq as scores
        on
            in_care.school_key = scores.school_key
            and in_care.pupil_key = scores.pupil_key
            and scores.informant = 'carer'
            and scores.sdq_date <= as_at()
            and scores.sdq_date > (as_at() - to_months(12))::date
    group by in_care.school_key, in_care.pupil_key
)

select
    school_key,
    count(*)::integer as children,
    count(*) filter (where has_score)::integer as scored_children,
    count(*) filter (
        where has_reason and not coalesce(has_score, false)
    )::integer as reason_children,
    count(*) filter (
        where not coalesce(has_score, false) and not coalesce(has_reason, false)
    )::integer as missing_children
from newest
group by school_key
