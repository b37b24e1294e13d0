-- Why a child needs attention, including reasons that only the safeguarding lead sees.
-- Each reason comes from one rule, and shows its own figure. Nothing is added up into a
-- score.
--
-- One row for each child and reason on the date you chose.
-- Logging an action does not close a child protection reason.
-- `seen_on` is the last day on which somebody logged an action while the reason stood.
-- Key: pupil_key, rule.
-- Null: base, duties, weekday, changed_on, days, informant, seen_on.
-- Category: child_protection.
with figures as (
    from int_look_missed
    union all by name
    from int_look_weekday
    union all by name
    from int_look_crossed
    union all by name
    from int_look_no_reason
    union all by name
    from int_look_change
    union all by name
    from int_look_follow_up
    union all by name
    from int_look_absence
    union all by name
    from int_look_late
    union all by name
    from int_look_week
    union all by name
    from int_look_sdq
    union all by name
    from int_look_overdue
    union all by name
    from int_look_review
),

answers as (
    select
        figures.pupil_key,
        figures.rule,
        max(actions.action_date) as seen_on,
        bool_or(coalesce(listings.is_answer, true) and not rules.is_closed_by_record)
            as is_closed
    from figures
    inner join stg_action as listings
        on
            figures.pupil_key = listings.pupil_key
            and figures.rule = listings.rule
    inner join int_action as actions
        on listings.action_id = actions.action_id and actions.corrected_by is null
    inner join ref_look as rules
        on
            figures.rule = rules.rule
            and (rules.is_closed_at_any_figure or figures.figure <= listings.figure)
    inner join int_recent_day as recent
        on
            actions.school_key = recent.school_key
            and recent.days_ago <= threshold('action_closes_days', as_at())
            and actions.action_date >= recent.school_day
    where
        actions.action_date <= as_at()
        and actions.action_date >= coalesce(figures.changed_on, actions.action_date)
    group by
        figures.pupil_key,
        figures.rule
)

select
    figures.pupil_key,
    members.school_key,
    members.pupil_id,
    members.handle,
    members.year_group,
    figures.rule,
    figures.figure,
    figures.base,
    figures.duties,
    figures.weekday,
    figures.changed_on,
    figures.days,
    figures.informant,
    answers.seen_on,
    coalesce(answers.is_closed, false) as is_closed,
    rules.category
from figures
inner join ref_look as rules
    on figures.rule = rules.rule and figures.figure >= rules.threshold
inner join cohort_member as members on figures.pupil_key = members.pupil_key
left join answers
    on
        figures.pupil_key = answers.pupil_key
        and figures.rule = answers.rule
