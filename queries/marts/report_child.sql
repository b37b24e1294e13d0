-- One row a child on roll who is looked after, or was and is not, on the day asked for,
-- with what the governor report counts of the child: one category of each attribute.
-- No page shows it; only the disclosure gate counts it.  suspended is of the academic
-- year of report_term, so in August of the one that has ended.  The sessions are of its
-- term, up to the day: open ones in which the school was not closed, possible ones, and
-- absences.  sdq is the newest by the carer in the time of the yearly duty, since care
-- began, against the one before.  health and dental are the state in pupil_health; null,
-- like sdq and home, for a child who is not looked after.
-- Key: pupil_key.
-- Null: home, sdq, health, dental.
-- Category: report.
with members as (
    select
        school_key,
        pupil_key,
        pupil_id,
        is_looked_after,
        home_kind
    from cohort_member
    where is_looked_after or is_previously_looked_after
),

scores as (
    select
        yearly.pupil_key,
        arg_max_null(scores.change, scores.sdq_date) as change
    from int_yearly_sdq as yearly
    inner join pupil_sdq as scores
        on
            yearly.pupil_key = scores.pupil_key
            and yearly.sdq_date = scores.sdq_date
            and scores.informant = 'carer'
    where yearly.total is not null
    group by yearly.pupil_key
),

sessions as (
    select
        marks.pupil_key,
        count(*) filter (
            where marks.kind is distinct from 'closed'
        )::integer as open_sessions,
        count(*) filter (where marks.is_possible)::integer as possible_sessions,
        count(*) filter (where marks.is_absent)::integer as absent_sessions
    from int_mark_classified as marks
    inner join report_term as terms
        on
            marks.school_key = terms.school_key
            and marks.session_date >= terms.first_day
    where marks.session_date <= as_at()
    group by marks.pupil_key
)

select
    members.pupil_key,
    members.pupil_id,
    case
        when members.is_looked_after then 'looked after'
        else 'previously looked after'
    end as cohort,
    case
        when not members.is_looked_after then null
        when members.home_kind = 'foster home' then 'foster home'
        else 'another home'
    end as home,
    case
        when
            exists (
                select 1
                from pupil_suspension as suspensions
                where
                    suspensions.pupil_key = members.pupil_key
                    and suspensions.academic_year = terms.academic_year
            )
            then 'suspended'
        else 'not suspended'
    end as suspended,
    case
        when ehcps.stage = 'plan' then 'has a plan'
        when ehcps.stage in ('asked for', 'being assessed', 'draft') then 'asked for'
        else 'no plan'
    end as ehcp,
    case
        when not members.is_looked_after then null
        when scores.pupil_key is null then 'no score'
        when scores.change is null then 'a first score'
        when scores.change < 0 then 'lower than before'
        else 'the same or higher'
    end as sdq,
    assessments.state as health,
    dental.state as dental,
    coalesce(sessions.open_sessions, 0) as open_sessions,
    coalesce(sessions.possible_sessions, 0) as possible_sessions,
    coalesce(sessions.absent_sessions, 0) as absent_sessions
from members
left join report_term as terms on members.school_key = terms.school_key
left join sessions on members.pupil_key = sessions.pupil_key
left join pupil_ehcp as ehcps on members.pupil_key = ehcps.pupil_key
left join scores on members.pupil_key = scores.pupil_key
left join pupil_health as assessments
    on
        members.pupil_key = assessments.pupil_key
        and assessments.subject = 'health assessment'
left join pupil_health as dental
    on
        members.pupil_key = dental.pupil_key
        and dental.subject = 'dental check'
