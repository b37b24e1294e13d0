-- Review dates of a child, up to the day asked for, that no later action has answered.
--
-- An action on such a day or after it answers it. An action that was logged as about
-- something else, or a call that reached nobody, answers it only if it sets a later
-- review date. figure counts the days; changed_on is the newest.
-- Key: pupil_key, rule.
with unanswered as (
    select
        pupil_key,
        action_id
    from stg_action
    where rule = 'follow_up' and not is_answer
),

standing as (
    select
        actions.pupil_key,
        actions.follow_up_date,
        case
            when
                unanswered.action_id is null
                or actions.follow_up_date > actions.action_date
                then actions.action_date
        end as answers_to
    from int_action as actions
    left join unanswered
        on
            actions.pupil_key = unanswered.pupil_key
            and actions.action_id = unanswered.action_id
    where actions.corrected_by is null and actions.action_date <= as_at()
)

select
    agreed.pupil_key,
    'follow_up' as rule,
    count(distinct agreed.follow_up_date)::integer as figure,
    max(agreed.follow_up_date) as changed_on
from standing as agreed
anti join standing as done
    on
        agreed.pupil_key = done.pupil_key
        and agreed.follow_up_date <= done.answers_to
where agreed.follow_up_date <= as_at()
group by agreed.pupil_key
