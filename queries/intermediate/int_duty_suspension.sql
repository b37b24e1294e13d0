-- The duties after a suspension of this school year. The Virtual School, and the social
-- worker of a child who has one, are told without delay: that is an action of that kind
-- since, and nothing is known before the school's first. From the school day after the
-- rule's days the register has a mark of other provision (off-site activity, provision by
-- the authority, the other school of two). For that, suspensions with no school day
-- between them are one, from the first day of the first. After a permanent exclusion any
-- day of education counts, also one at school. is_missed means that provision did not
-- come before the suspension ended, by a register that goes so far.
-- Key: pupil_key, rule, started_on.
with suspended as (
    select
        suspensions.school_key,
        suspensions.pupil_key,
        suspensions.suspension_date as started_on,
        suspensions.category,
        -- the number of school days up to the day before, and up to the last one
        begun.day_number as days_before,
        ends.day_number as last_number,
        ends.calendar_date as last_day
    from stg_suspension as suspensions
    asof left join int_day as begun
        on
            suspensions.school_key = begun.school_key
            and suspensions.suspension_date > begun.calendar_date
    left join int_day as ends
        on
            begun.school_key = ends.school_key
            and begun.day_number + nullif(suspension_days(suspensions.sessions), 0)
            = ends.day_number
    where
        suspensions.category in ('SUSP', 'PERM')
        and suspensions.suspension_date
        between academic_year_first_day(as_at()) and as_at()
),

notices as (
    select
        school_key,
        pupil_key,
        action_date as notice_date
    from int_action
    where
        kind = 'told of a suspension'
        and action_date <= as_at()
        and corrected_by is null
),

provided as (
    select distinct
        pupil_key,
        session_date,
        unnest(
            if(
                code in ('B', 'K', 'D'),
                ['SUSPENSION_AP', 'EXCLUSION_AP'],
                ['EXCLUSION_AP']
            )
        ) as rule
    from int_mark_classified
    where
        (is_attended or code = 'D')
        and session_date <= register_day()
        and pupil_key in (select suspended.pupil_key from suspended)
),

followed as (
    select
        school_key,
        pupil_key,
        started_on,
        days_before,
        last_day,
        max(last_number) over (
            partition by pupil_key
            order by started_on
            rows between unbounded preceding and 1 preceding
        ) as earlier_last_number
    from suspended
    where category = 'SUSP'
),

numbered as (
    select
        school_key,
        pupil_key,
        started_on,
        last_day,
        count(case when days_before > earlier_last_number then 1 end) over (
            partition by pupil_key
            order by started_on
        ) as number
    from followed
),

absences as (
    select
        school_key,
        pupil_key,
        'SUSPENSION_AP' as rule,
        min(started_on) as started_on,
        max(last_day) as last_day
    from numbered
    group by school_key, pupil_key, number
    union all by name
    select
        school_key,
        pupil_key,
        'EXCLUSION_AP' as rule,
        started_on,
        'infinity'::date as last_day
    from suspended
    where category = 'PERM'
),

provisions as (
    select
        absences.pupil_key,
        absences.rule,
        absences.started_on,
        absences.last_day,
        ends.calendar_date as due_date
    from absences
    inner join ref_deadline as rules on absences.rule = rules.rule
    asof left join int_day as begun
        on
            calendar_key(absences.school_key, rules.unit) = begun.school_key
            and absences.started_on >= begun.calendar_date
    left join int_day as ends
        on
            begun.school_key = ends.school_key
            and begun.day_number + rules.amount = ends.day_number
)

select
    suspended.pupil_key,
    'SUSPENSION_NOTIFY' as rule,
    suspended.started_on,
    notices.notice_date as done_date,
    not exists (
        select 1
        from notices as any_notice
        where any_notice.school_key = suspended.school_key
    ) as has_no_record,
    false as is_missed
from suspended
inner join int_member as members
    on
        suspended.pupil_key = members.pupil_key
        and (members.is_looked_after or members.has_social_worker)
asof left join notices
    on
        suspended.pupil_key = notices.pupil_key
        and suspended.started_on <= notices.notice_date
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
        and provisions.rule = provided.rule
        and provided.session_date between provisions.due_date and provisions.last_day
where provisions.due_date <= provisions.last_day
group by
    provisions.pupil_key,
    provisions.rule,
    provisions.started_on,
    provisions.due_date,
    provisions.last_day
