-- Counts over the last school weeks of a rule: unauthorised sessions, weeks with a mark
-- of a part-time timetable (C2), and such marks on a day for which no timetable is
-- recorded, in a school that records any. A child with nothing to count has no row, or 0.
-- Key: pupil_key, rule.
with kept as (
    select distinct school_key from stg_provision
),

covered as (
    select distinct
        marks.pupil_key,
        marks.session_date
    from int_mark_classified as marks
    inner join stg_provision as timetables
        on
            marks.pupil_key = timetables.pupil_key
            and marks.session_date
            between timetables.provision_date
            and coalesce(timetables.end_date, 'infinity'::date)
    where marks.code = 'C2' and timetables.kind = 'part-time timetable'
)

select
    marks.pupil_key,
    recent.rule,
    case recent.rule
        when 'unauthorised_sessions'
            then count(*) filter (where marks.is_absent and not marks.is_authorised)
        when 'no_timetable'
            then
                count(*) filter (
                    where marks.code = 'C2'
                    and covered.pupil_key is null
                    and kept.school_key is not null
                )
        else
            count(distinct week_start(marks.session_date)) filter (
                where marks.code = 'C2'
            )
    end::integer as figure
from int_mark_classified as marks
inner join int_look_day as recent
    on
        marks.school_key = recent.school_key
        and marks.session_date = recent.school_day
left join covered
    on
        marks.pupil_key = covered.pupil_key
        and marks.session_date = covered.session_date
left join kept on marks.school_key = kept.school_key
where
    recent.rule in ('unauthorised_sessions', 'part_time_timetable', 'no_timetable')
    and (marks.code = 'C2' or (marks.is_absent and not marks.is_authorised))
group by marks.pupil_key, recent.rule
