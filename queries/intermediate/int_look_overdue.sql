-- Duties of a child that the school holds and that are overdue; absences without a reason
-- have their own rule.
-- Key: school_key, pupil_key, rule.
select
    school_key,
    pupil_key,
    'overdue_here' as rule,
    count(*)::integer as figure,
    null::integer as base
from duty
where status = 'overdue' and rule <> 'REGISTER_N'
group by school_key, pupil_key
