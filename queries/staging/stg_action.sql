-- What somebody logged as done about a child, once for each rule that listed the child
-- then, with its figure; rule and figure are null where none did.
-- Key: action_id, rule.
select
    school_key,
    pupil_key,
    action_id,
    action_date,
    kind,
    line,
    rule,
    figure
from raw_action
