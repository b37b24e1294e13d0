-- A child on roll on the day asked for, with the year group of that day: the roll's own,
-- moved by the academic years between.  Of stays that overlap (an entry date that was put
-- right stands beside the old one) it is the later.
-- Key: pupil_key.
select
    school_key,
    pupil_key,
    entry_date,
    (
        year_group
        + academic_year_start(as_at())
        - academic_year_start(year_group_date)
    )::integer as year_group
from stg_enrolment
where is_in_period(as_at(), entry_date, end_date)
qualify
    row_number() over (
        partition by pupil_key
        order by entry_date desc
    ) = 1
