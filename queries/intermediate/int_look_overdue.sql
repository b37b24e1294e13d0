-- Duties of a child that the school holds and that are overdue; absences without a reason
-- have their own rule.
-- Key: pupil_key, rule.
select
    pupil_key,
    'overdue_here' as rule,
    count(*)::integer as figure
from int_duty
where status = 'overdue' and rule <> 'REGISTER_N'
group by pupil_key
