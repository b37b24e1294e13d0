-- One row a child on roll who is looked after, or was and is not, on the day asked for,
-- with what the governor report counts of the child: one category of each attribute.
-- No page shows it; only the disclosure gate counts it.  suspended, moved (to another
-- home) and worker (a new social worker) are of the academic year of report_term, so in
-- August of the one that has ended.  sdq is the newest by the carer in the time of the
-- yearly duty, since care began, against the one before.  health, dental and immunised
-- are the state in pupil_health.  review: whether the child's views were heard at the
-- last review of this time in care.  reading, writing and maths: the steps since the
-- child's own start, set beside those of most of the class; attainment: the newest step
-- of every subject that is assessed, beside most of the class.  help and timetable
-- (part-time) are of the day: help is over on the day on which it ended, a timetable
-- after its last day.  The sessions are of the term, up to the day: open ones in which
-- the school was not closed, possible ones, and absences.  planned and spent: pounds of
-- pupil premium plus of the term, spent null where a sum of it lacks it; planned_year: of
-- its academic year.  What only care brings is null for a child who is not looked after.
-- Key: pupil_key.
-- Null: home, moved, worker, sdq, health, dental, immunised, review, spent.
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

paced as (
    select
        pupil_key,
        subject,
        newest_step >= newest_class_step as is_with_class,
        case
            when assessments = 1 or class_steps is null then 'not known'
            when steps >= class_steps then 'kept pace'
            else 'fell behind'
        end as pace
    from pupil_progress
),

learnt as (
    select
        pupil_key,
        any_value(pace) filter (where subject = 'reading') as reading,
        any_value(pace) filter (where subject = 'writing') as writing,
        any_value(pace) filter (where subject = 'maths') as maths,
        bool_and(is_with_class) as is_with_class
    from paced
    group by pupil_key
),

heard as (
    select
        reviews.pupil_key,
        arg_max(coalesce(parts.has_views, false), reviews.review_date) as has_views
    from int_in_care as in_care
    inner join stg_review as reviews
        on
            in_care.pupil_key = reviews.pupil_key
            and in_care.counts_from <= reviews.review_date
    left join ref_review_part as parts on reviews.took_part = parts.code
    where reviews.outcome = 'held' and reviews.review_date <= as_at()
    group by reviews.pupil_key
),

money as (
    select
        sums.pupil_key,
        sum(sums.planned) filter (where sums.term = terms.term) as planned,
        sum(sums.spent) filter (where sums.term = terms.term) as spent,
        count(*) filter (
            where sums.term = terms.term and sums.spent is null
        ) as unspent_sums,
        sum(sums.planned) as planned_year
    from int_premium as sums
    inner join report_term as terms
        on
            sums.school_key = terms.school_key
            and sums.academic_year = terms.academic_year
    group by sums.pupil_key
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
    immunisations.state as immunised,
    case
        when not members.is_looked_after then null
        when
            exists (
                select 1
                from int_move as moves
                where
                    moves.pupil_key = members.pupil_key
                    and moves.changed_on <= as_at()
                    and academic_year(moves.changed_on) = terms.academic_year
            )
            then 'moved'
        else 'not moved'
    end as moved,
    case
        when not members.is_looked_after then null
        when
            exists (
                select 1
                from stg_care_change as changes
                where
                    changes.pupil_key = members.pupil_key
                    and changes.kind = 'social worker'
                    and changes.care_change_date <= as_at()
                    and academic_year(changes.care_change_date) = terms.academic_year
            )
            then 'a new one'
        else 'the same'
    end as worker,
    case
        when not members.is_looked_after then null
        when heard.has_views then 'heard'
        when heard.pupil_key is null then 'no review yet'
        else 'not heard'
    end as review,
    coalesce(learnt.reading, 'not known') as reading,
    coalesce(learnt.writing, 'not known') as writing,
    coalesce(learnt.maths, 'not known') as maths,
    case
        when learnt.is_with_class is null then 'not known'
        when learnt.is_with_class then 'with the class'
        else 'behind the class'
    end as attainment,
    case
        when
            exists (
                select 1
                from stg_intervention as helps
                where
                    helps.pupil_key = members.pupil_key
                    and is_in_period(as_at(), helps.intervention_date, helps.end_date)
            )
            then 'has help'
        else 'no help'
    end as help,
    case
        when
            exists (
                select 1
                from stg_provision as provisions
                where
                    provisions.pupil_key = members.pupil_key
                    and provisions.kind = 'part-time timetable'
                    and as_at() between provisions.provision_date
                    and coalesce(provisions.end_date, 'infinity'::date)
            )
            then 'part-time'
        else 'full-time'
    end as timetable,
    coalesce(money.planned, 0)::integer as planned,
    case
        when coalesce(money.unspent_sums, 0) = 0 then coalesce(money.spent, 0)
    end::integer as spent,
    coalesce(money.planned_year, 0)::integer as planned_year,
    coalesce(sessions.open_sessions, 0) as open_sessions,
    coalesce(sessions.possible_sessions, 0) as possible_sessions,
    coalesce(sessions.absent_sessions, 0) as absent_sessions
from members
left join report_term as terms on members.school_key = terms.school_key
left join sessions on members.pupil_key = sessions.pupil_key
left join pupil_ehcp as ehcps on members.pupil_key = ehcps.pupil_key
left join scores on members.pupil_key = scores.pupil_key
left join learnt on members.pupil_key = learnt.pupil_key
left join heard on members.pupil_key = heard.pupil_key
left join money on members.pupil_key = money.pupil_key
left join pupil_health as assessments
    on
        members.pupil_key = assessments.pupil_key
        and assessments.subject = 'health assessment'
left join pupil_health as dental
    on
        members.pupil_key = dental.pupil_key
        and dental.subject = 'dental check'
left join pupil_health as immunisations
    on
        members.pupil_key = immunisations.pupil_key
        and immunisations.subject = 'immunisations'
