-- Mornings of the last school days of the rule on which a child was late, before the
-- register closed or after it. They count if they are at least one in so many of the
-- mornings on which the child came, which are base.
-- Key: pupil_key, rule.
select
    marks.pupil_key,
    recent.rule,
    count(*) filter (where marks.is_late or marks.code = 'U')::integer as figure,
    count(*) filter (where marks.is_attended or marks.code = 'U')::integer as base
from int_mark_classified as marks
inner join int_look_day as recent
    on
        marks.school_key = recent.school_key
        and marks.session_date = recent.school_day
where recent.rule = 'late_mornings' and marks.half = 'AM'
group by marks.pupil_key, recent.rule
having figure * threshold('late_one_in', as_at()) >= base
