-- Marks of N in this academic year, up to the last day of the register, of a child who
-- has one for which the days to find the reason are over: the duty of its day is overdue.
-- figure counts the sessions, and days the days with one, as a reader of the register
-- does.
-- Key: pupil_key, rule.
select
    marks.pupil_key,
    'no_reason_yet' as rule,
    count(*)::integer as figure,
    count(distinct marks.session_date)::integer as days
from int_mark_classified as marks
left join int_duty as duties
    on
        marks.pupil_key = duties.pupil_key
        and duties.rule = 'REGISTER_N'
        and duties.status = 'overdue'
        and marks.session_date = duties.started_on
where
    marks.code = 'N'
    and marks.session_date
    between academic_year_first_day(register_day()) and register_day()
group by marks.pupil_key
having count(duties.rule) > 0
