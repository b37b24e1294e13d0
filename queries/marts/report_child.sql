-- One row a child on roll who is looked after, or was and is not, on the day asked for,
-- with what the governor report counts of the child: one category of each attribute.  No
-- page shows it; only the disclosure gate counts it.  years: Years 3 and 4, or 5 and 6.
-- attendance, suspended and the sessions are of the academic year of report_term, so in
-- August of the one that has ended; of a child without a mark it is too early to say.
-- sdq is the newest by the carer in the time of the yearly duty, since care began,
-- against the one before.  health and dental are the state in pupil_health; null, like
-- sdq, for a child who is not looked after.
-- Key: pupil_key.
-- Null: sdq, health, dental.
-- Category: report.
with members as (
    select
        school_key,
        pupil_key,
        pupil_id,
        year_group,
        is_looked_after
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
)

select
    members.pupil_key,
    members.pupil_id,
    case
        when members.is_looked_after then 'looked after'
        else 'previously looked after'
    end as cohort,
    case
        when members.year_group <= 4 then 'Years 3 and 4'
        else 'Years 5 and 6'
    end as years,
    case
        when coalesce(attendance.is_too_early, true) then 'too early'
        when attendance.is_persistent_absentee then 'persistent'
        else 'not persistent'
    end as attendance,
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
    coalesce(attendance.possible_sessions, 0) as possible_sessions,
    coalesce(attendance.absent_sessions, 0) as absent_sessions
from members
left join report_term as terms on members.school_key = terms.school_key
left join int_pupil_year as attendance
    on
        members.pupil_key = attendance.pupil_key
        and terms.academic_year = attendance.academic_year
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
