-- A sum of pupil premium plus that was agreed by the day asked for, with its term: that
-- in which it was agreed, or the next one if that was between terms.
-- Key: pupil_key, kind, premium_date.
-- Null: spent, is_in_pep.
select
    sums.school_key,
    sums.pupil_key,
    sums.kind,
    sums.premium_date,
    sums.planned,
    sums.spent,
    sums.is_in_pep,
    terms.academic_year,
    terms.term,
    terms.first_day
from stg_premium as sums
inner join int_term as terms
    on
        sums.school_key = terms.school_key
        and sums.premium_date <= terms.last_day
where sums.premium_date <= as_at()
qualify
    row_number() over (
        partition by sums.pupil_key, sums.kind, sums.premium_date
        order by terms.last_day
    ) = 1
