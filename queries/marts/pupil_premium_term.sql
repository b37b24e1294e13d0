-- Pupil premium plus planned and spent for each child in each term, and what it was for.
-- Amounts with no record of what was spent are left out of the total spent.
--
-- One row for each child, school year and term with an amount, for money agreed up to the
-- date you chose. Planned and spent are in pounds.
-- An amount belongs to the same term as in `premium_term`.
-- The row also shows how many amounts there are, how many have no record of what was
-- spent, and how many a PEP asked for.
-- Key: pupil_key, academic_year, term.
-- Category: learning.
select
    dated.pupil_key,
    pupils.school_key,
    pupils.pupil_id,
    pupils.handle,
    dated.academic_year,
    dated.term,
    min(dated.first_day) as first_day,
    string_agg(distinct kinds.label, ', ' order by kinds.label) as kinds,
    count(*)::integer as sums,
    sum(dated.planned)::integer as planned,
    coalesce(sum(dated.spent), 0)::integer as spent,
    count(*) filter (where dated.spent is null)::integer as unspent_sums,
    count(*) filter (where dated.is_in_pep)::integer as in_pep
from int_premium as dated
inner join ref_help_kind as kinds on dated.kind = kinds.code
inner join stg_pupil as pupils on dated.pupil_key = pupils.pupil_key
group by
    dated.pupil_key,
    pupils.school_key,
    pupils.pupil_id,
    pupils.handle,
    dated.academic_year,
    dated.term
