-- Marks of N of this academic year whose days to find the reason are over: the duty of
-- their day is overdue.
-- Key: pupil_key, rule.
select
    marks.pupil_key,
    'no_reason_yet' as rule,
    count(*)::integer as figure
from int_mark_classified as marks
inner join int_duty as duties
    on
        marks.pupil_key = duties.pupil_key
        and duties.rule = 'REGISTER_N'
        and duties.status = 'overdue'
        and marks.session_date = duties.started_on
where
    marks.code = 'N'
    and academic_year(marks.session_date) = academic_year(as_at())
group by marks.pupil_key
