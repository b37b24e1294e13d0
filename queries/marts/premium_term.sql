-- Pupil premium plus planned and spent for each child and kind of help in each term.
-- Amounts with no record of what was spent are left out of the total spent.
--
-- One row for each child, school year, term and kind of help, for money agreed up to the
-- date you chose. Planned and spent are in pounds, with pence.
-- An amount belongs to the term in which it was agreed, or to the next term if it was
-- agreed in the holidays, and to the school that recorded it.
-- The row also shows how many amounts there are, how many have no record of what was
-- spent, and how many a PEP asked for.
-- The date shown is the earliest by which unspent money for children looked after must be
-- spent.
-- Key: school_key, pupil_key, academic_year, term, kind.
-- Null: spend_by.
-- Category: learning.
select
    dated.school_key,
    dated.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    dated.academic_year,
    dated.term,
    kinds.label as kind,
    min(dated.first_day) as first_day,
    count(*)::integer as sums,
    sum(dated.planned) as planned,
    coalesce(sum(dated.spent), 0) as spent,
    count(*) filter (where dated.spent is null)::integer as unspent_sums,
    count(*) filter (where dated.is_in_pep)::integer as in_pep,
    min(dated.spend_by) filter (
        where coalesce(dated.spent, 0) < dated.planned
    ) as spend_by
from int_premium as dated
inner join ref_help_kind as kinds on dated.kind = kinds.code
inner join stg_pupil as pupils on dated.pupil_key = pupils.pupil_key
group by
    dated.school_key,
    dated.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    dated.academic_year,
    dated.term,
    kinds.label
