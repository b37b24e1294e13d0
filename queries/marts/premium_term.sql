-- Pupil premium plus planned and spent, for each kind of help in each term. Spending that
-- nobody recorded is not in the total spent.
--
-- One row for each school year, term and kind of help, for money agreed by the date you
-- chose. Planned and spent are in pounds. `sums` is how many amounts.
-- An amount belongs to the term in which it was agreed, or to the next term if it was
-- agreed in the holidays.
-- `unspent_sums` is the number of amounts with no record of what was spent.
-- `in_pep` is the number that a PEP asked for.
-- `spend_by` is the earliest date by which money for children looked after must be spent,
-- leaving out what is spent already.
-- Key: school_key, academic_year, term, kind.
-- Null: spend_by.
-- Category: learning.
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
