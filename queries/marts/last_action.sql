-- One row a child: the newest action that somebody logged by the day asked for.
-- Key: pupil_key.
-- Category: duty.
select
    actions.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    max(actions.action_date) as action_date,
    arg_max(actions.kind, (actions.action_date, actions.action_id)) as kind,
    arg_max(actions.line, (actions.action_date, actions.action_id)) as line
from stg_action as actions
inner join stg_pupil as pupils on actions.pupil_key = pupils.pupil_key
where actions.action_date <= as_at()
group by actions.pupil_key, pupils.pupil_id, pupils.handle
