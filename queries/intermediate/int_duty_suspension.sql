-- What is owed for a suspension of this school year: without delay the Virtual School and
-- the social worker of a child who has one are told, which is an action of that kind
-- since, and of which nothing is known before the school's first; and from the school day
-- after the rule's days the register has a mark of other provision (off-site activity,
-- provision by the authority, the other school of two).  is_missed is provision that did
-- not come before the suspension ended, by a register that goes so far.
-- Key: pupil_key, rule, started_on.
with suspended as (
    select
        suspensions.school_key,
        suspensions.pupil_key,
        suspensions.suspension_date as started_on,
        suspensions.category,
        suspension_last_day(
            suspensions.school_key, suspensions.suspension_date, suspensions.sessions
        ) as last_day
    from stg_suspension as suspensions
    where
        suspensions.category in ('SUSP', 'PERM')
        and suspensions.suspension_date
        between first_of_september(as_at()) and as_at()
),

told as (
    select
        school_key,
        pupil_key,
        action_date as told_date
    from int_action
    where
        kind = 'told of a suspension'
        and action_date <= as_at()
        and corrected_by is null
),

provided as (
    select distinct
        pupil_key,
        session_date
    from int_mark_classified
    where code in ('B', 'K', 'D') and session_date <= register_day()
),

provisions as (
    select
        suspended.pupil_key,
        rules.rule,
        suspended.started_on,
        suspended.last_day,
        due_date(
            suspended.school_key, suspended.started_on, rules.amount, rules.unit
        ) as due_date
    from suspended
    inner join ref_deadline as rules on rules.rule = 'SUSPENSION_AP'
    where suspended.category = 'SUSP'
)

select
    suspended.pupil_key,
    'SUSPENSION_NOTIFY' as rule,
    suspended.started_on,
    told.told_date as done_date,
    suspended.school_key not in (
        select heard.school_key
        from told as heard
    ) as has_no_record,
    false as is_missed
from suspended
inner join int_member as members
    on
        suspended.pupil_key = members.pupil_key
        and (members.is_looked_after or members.has_social_worker)
asof left join told
    on
        suspended.pupil_key = told.pupil_key
        and suspended.started_on <= told.told_date
union all by name
select
    provisions.pupil_key,
    provisions.rule,
    provisions.started_on,
    min(provided.session_date) as done_date,
    false as has_no_record,
    provisions.last_day <= register_day()
    and provisions.last_day < as_at() as is_missed
from provisions
left join provided
    on
        provisions.pupil_key = provided.pupil_key
        and provided.session_date between provisions.due_date and provisions.last_day
where provisions.due_date <= provisions.last_day
group by
    provisions.pupil_key,
    provisions.rule,
    provisions.started_on,
    provisions.due_date,
    provisions.last_day
