-- Duties of a child that the school must act on and that are overdue, and those of others
-- that were due longer ago than the months of the rule. Absences without a reason have
-- their own rule, and only the safeguarding lead sees duties of child protection. duties
-- lists their rules, each once, in alphabetical order.
-- Key: pupil_key, rule.
select
    duties.pupil_key,
    looks.rule,
    count(*)::integer as figure,
    string_agg(distinct duties.rule, ' ' order by duties.rule) as duties
from int_duty as duties
inner join ref_deadline as rules
    on duties.rule = rules.rule and rules.category <> 'child_protection'
inner join ref_look as looks
    on
        (looks.rule = 'overdue_here' and duties.status = 'overdue')
        or (
            looks.rule = 'waits_on_others'
            and duties.status = 'waiting on others'
            and add_months(duties.due_date, looks."window") < as_at()
        )
where duties.rule <> 'REGISTER_N'
group by duties.pupil_key, looks.rule
