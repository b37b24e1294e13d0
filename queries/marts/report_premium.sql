-- One row a child and day on which sums of pupil premium plus count, of those that were
-- agreed by the day asked for in the academic year of report_term, while the child was
-- looked after and on the roll: pounds planned, and spent where that is recorded.  A sum
-- that was agreed between terms counts on the first day of the next.  No page shows it;
-- only the disclosure gate reads it.
-- Key: pupil_key, counts_on.
-- Category: report.
-- Short: The pounds of pupil premium plus that a governor report adds up.
-- Short: No page shows it: the report takes its sums from it.
select
    sums.pupil_key,
    pupils.school_key,
    pupils.pupil_id,
    greatest(sums.premium_date, sums.first_day) as counts_on,
    sum(sums.planned)::integer as planned,
    coalesce(sum(sums.spent), 0)::integer as spent
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
