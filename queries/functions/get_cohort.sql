-- The group that the pages speak of, of a care status.  "has a social worker" is in need
-- or on a protection plan: which of the two only the safeguarding lead sees.
create macro get_cohort(status) as (
    case status
        when 'looked after' then 'looked after'
        when 'previously looked after' then 'previously looked after'
        else 'has a social worker'
    end
);
