-- One row a child of report_child and reason: sessions missed in the term of
-- report_term, up to the day asked for.  The sessions of a child add up to its
-- absent_sessions.  A code is called as on the last day.  No page shows it; only the
-- disclosure gate counts it.
-- Key: pupil_key, code.
-- Category: report.
select
    children.pupil_key,
    children.pupil_id,
    children.cohort,
    marks.code::varchar as code,
    max_by(marks.label, marks.session_date) as reason,
    marks.is_authorised,
    count(*)::integer as absent_sessions
from report_child as children
inner join int_mark_classified as marks on children.pupil_key = marks.pupil_key
inner join report_term as terms
    on
        marks.school_key = terms.school_key
        and marks.session_date >= terms.first_day
where marks.is_absent and marks.session_date <= as_at()
group by
    children.pupil_key,
    children.pupil_id,
    children.cohort,
    marks.code,
    marks.is_authorised
