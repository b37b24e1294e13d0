-- One row an academic year, term and kind of help for which pupil premium plus was agreed
-- by the day asked for: pounds planned and spent, and the number of sums.  A sum is of
-- the term in which it was agreed; of the next one if that was between terms.
-- unspent_sums: those of which nothing tells what was spent; they add nothing to spent.
-- in_pep: the sums that a PEP asked for.  spend_by: the first last day by which one of
-- children looked after is to be spent, of those not yet spent; null where there is none.
-- Key: school_key, academic_year, term, kind.
-- Null: spend_by.
-- Category: learning.
-- Short: Pupil premium plus planned and spent, a row for each kind of help in a term.
-- Short: Where nobody wrote down what was spent, nothing is added to spent.
select
    dated.school_key,
    dated.academic_year,
    dated.term,
    kinds.label as kind,
    min(dated.first_day) as first_day,
    count(*)::integer as sums,
    sum(dated.planned)::integer as planned,
    coalesce(sum(dated.spent), 0)::integer as spent,
    count(*) filter (where dated.spent is null)::integer as unspent_sums,
    count(*) filter (where dated.is_in_pep)::integer as in_pep,
    min(dated.spend_by) filter (
        where coalesce(dated.spent, 0) < dated.planned
    ) as spend_by
from int_premium as dated
inner join ref_help_kind as kinds on dated.kind = kinds.code
group by dated.school_key, dated.academic_year, dated.term, kinds.label
