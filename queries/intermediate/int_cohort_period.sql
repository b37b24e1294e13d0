-- When a child belongs to a group that the pages speak of, [counts_from, end_date).
-- "has a social worker" is in need or on a protection plan: which of the two only the
-- safeguarding lead sees.  end_date is null while it holds.
-- Key: school_key, pupil_key, cohort, counts_from, status.
-- Materialised: school_key, pupil_key, cohort, counts_from, status.
select
    school_key,
    pupil_key,
    status,
    case status
        when 'looked after' then 'looked after'
        when 'previously looked after' then 'previously looked after'
        else 'has a social worker'
    end as cohort,
    counts_from,
    is_start_known,
    end_date
from int_care_period
