-- The amounts of pupil premium plus that a governor report adds up. The report gives
-- totals only, after a check that protects small groups.
--
-- One row for each child and day with an amount agreed in the school year of the report,
-- while the child was looked after and on roll.
-- Planned and spent are in pounds, with pence; the report rounds each row to whole
-- pounds. Spending that is not recorded is not counted. An amount agreed in the holidays
-- counts on the first day of the next term.
-- Key: pupil_key, counts_on.
-- Category: report.
select
    sums.pupil_key,
    pupils.school_key,
    pupils.pupil_id,
    greatest(sums.premium_date, sums.first_day) as counts_on,
    sum(sums.planned) as planned,
    coalesce(sum(sums.spent), 0) as spent
from int_premium as sums
inner join stg_pupil as pupils on sums.pupil_key = pupils.pupil_key
where
    exists (
        select 1
        from report_term as terms
        where
            terms.school_key = sums.school_key
            and terms.academic_year = sums.academic_year
            and terms.term = sums.term
    )
    and exists (
        select 1
        from int_group_stay as stays
        where
            stays.pupil_key = sums.pupil_key
            and stays.cohort = 'looked after'
            and is_in_period(sums.premium_date, stays.first_day, stays.end_date)
    )
group by
    sums.pupil_key,
    pupils.school_key,
    pupils.pupil_id,
    greatest(sums.premium_date, sums.first_day)
