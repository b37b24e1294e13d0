-- A sum of pupil premium plus that was agreed by the day asked for, with its term: the
-- one in which it was agreed, or the next one if it was agreed between terms. Before the
-- first term of the calendar only the holidays of its academic year are known to be
-- between terms; an earlier sum has no term and is left out. spend_by is the last day on
-- which the sum of a child looked after may be spent ({PREMIUM_SPEND}); it is null for
-- another child's.
-- Key: pupil_key, kind, premium_date.
-- Null: spent, is_in_pep, spend_by.
with terms as (
    select
        school_key,
        academic_year,
        term,
        first_day,
        last_day,
        coalesce(
            lag(last_day) over (
                partition by school_key
                order by first_day
            ),
            academic_year_first_day(first_day) - 1
        ) as last_day_before
    from int_term
)

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
    terms.first_day,
    case
        when
            exists (
                select 1
                from int_cohort_stretch as stretches
                where
                    stretches.pupil_key = sums.pupil_key
                    and stretches.cohort = 'looked after'
                    and is_in_period(
                        sums.premium_date, stretches.counts_from, stretches.end_date
                    )
            )
            then calendar_due_date(sums.premium_date, rules.amount, rules.unit)
    end as spend_by
from stg_premium as sums
inner join terms
    on
        sums.school_key = terms.school_key
        and sums.premium_date > terms.last_day_before
        and sums.premium_date <= terms.last_day
inner join ref_deadline as rules on rules.rule = 'PREMIUM_SPEND'
where sums.premium_date <= as_at()
