-- A day of a child on roll whose absence has no reason yet: the school has its school
-- days to find one.  A mark that was replaced leaves no duty behind.
-- Key: school_key, pupil_key, rule, started_on.
select
    marks.school_key,
    marks.pupil_key,
    'REGISTER_N' as rule,
    marks.session_date as started_on
from int_mark_classified as marks
inner join int_pupil_on_roll as on_roll
    on
        marks.school_key = on_roll.school_key
        and marks.pupil_key = on_roll.pupil_key
where marks.code = 'N' and marks.session_date <= as_at()
group by marks.school_key, marks.pupil_key, marks.session_date
