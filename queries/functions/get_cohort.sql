-- The group of the pages for a care status. "has a social worker" is in need or on a
-- protection plan: only the safeguarding lead sees which of the two.
create macro get_cohort(status) as (
    case status
        when 'looked after' then 'looked after'
        when 'previously looked after' then 'previously looked after'
        else 'has a social worker'
    end
);
