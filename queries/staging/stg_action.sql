-- What somebody logged as done about a child, once for each rule that listed the child
-- then, with its figure; 'no rule', and no figure, where none did.  corrects: the action
-- that it stands in for.
-- Key: action_id, rule.
select
    school_key,
    pupil_key,
    action_id,
    action_date,
    kind,
    line,
    actor,
    logged_at,
    follow_up_date,
    corrects,
    coalesce(rule, 'no rule') as rule,
    figure
from raw_action
