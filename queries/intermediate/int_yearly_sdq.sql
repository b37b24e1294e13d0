-- The carer's forms about a child in care, and the reasons why there is none, that count
-- for the yearly duty on the day asked for: from the day on which care began, and for the
-- months of the duty, up to and including the same day a year later.
-- Key: pupil_key, sdq_date.
select
    in_care.pupil_key,
    scores.sdq_date,
    scores.total,
    scores.reason
from int_in_care as in_care
inner join ref_deadline as rules on rules.rule = 'SDQ_YEARLY'
inner join stg_sdq as scores
    on
        in_care.pupil_key = scores.pupil_key
        and in_care.counts_from <= scores.sdq_date
        and scores.informant = 'carer'
        and scores.sdq_date <= as_at()
        and add_months(scores.sdq_date, rules.amount) >= as_at()
