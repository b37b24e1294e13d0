-- What somebody logged as done about a child, once for each rule that listed the child
-- then, with its figure; 'no rule', and no figure, where none did.
-- Key: action_id, rule.
select
    school_key,
    pupil_key,
    action_id,
    action_date,
    kind,
    line,
    coalesce(rule, 'no rule') as rule,
    figure
from raw_action
