-- Marks of N that are a day old or more, in this academic year.
-- Key: pupil_key, rule.
select
    pupil_key,
    'no_reason_yet' as rule,
    count(*)::integer as figure
from int_mark_classified
where
    code = 'N'
    and session_date < as_at()
    and academic_year(session_date) = academic_year(as_at())
group by pupil_key
