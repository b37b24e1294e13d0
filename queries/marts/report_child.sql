-- What a governor report adds up: sessions, and pounds of pupil premium plus. The report
-- gives totals only, after a check that protects small groups.
--
-- One row for each school, child and term of the school year of the date you chose, while
-- the child was looked after and on the school's roll. There is a row too if an amount
-- was agreed for the child in the holiday before the term: the child then has no last day
-- in the term. The last day is the child's last here in the term or in the holiday after
-- it, up to the date you chose.
-- A session counts as open if any child could attend, so the number of open sessions says
-- nothing about one child. The pages count only sessions that the child could attend, so
-- they have as many missed sessions and sometimes fewer possible ones.
-- Planned and spent are in pounds, with pence, of the amounts agreed in the term and in
-- the holiday before it. Spending that is not recorded is not counted.
-- Key: school_key, pupil_key, term.
-- Null: last_day.
-- Category: report.
with newest as (
    select
        school_key,
        max(academic_year) as academic_year
    from report_term
    group by school_key
),

terms as (
    select
        terms.school_key,
        terms.academic_year,
        terms.term,
        terms.first_day,
        terms.last_day,
        -- the day before the next term; null in the last term
        lead(terms.first_day) over (
            partition by terms.school_key
            order by terms.first_day
        ) - 1 as holiday_end
    from report_term as terms
    inner join newest
        on
            terms.school_key = newest.school_key
            and terms.academic_year = newest.academic_year
),

stays as (
    select
        stays.school_key,
        stays.pupil_key,
        stays.first_day,
        stays.end_date
    from int_group_stay as stays
    where stays.cohort = 'looked after'
),

members as (
    select
        terms.school_key,
        terms.term,
        stays.pupil_key,
        max(
            least(
                coalesce(stays.end_date - 1, 'infinity'::date),
                coalesce(terms.holiday_end, terms.last_day),
                as_at()
            )
        ) as last_day
    from terms
    inner join stays
        on
            terms.school_key = stays.school_key
            and stays.first_day <= least(terms.last_day, as_at())
            and coalesce(terms.first_day < stays.end_date, true)
    group by terms.school_key, terms.term, stays.pupil_key
),

marks as (
    select
        terms.term,
        marks.school_key,
        marks.pupil_key,
        marks.session_date,
        marks.half,
        marks.is_possible,
        marks.is_absent
    from int_mark_classified as marks
    inner join terms
        on
            marks.school_key = terms.school_key
            and marks.session_date between terms.first_day and terms.last_day
    where marks.session_date <= register_day() or terms.last_day <= as_at()
),

opened as (
    select distinct
        school_key,
        term,
        session_date,
        half
    from marks
    where is_possible
),

-- stays may overlap, but a session counts once
here as (
    select distinct
        opened.school_key,
        opened.term,
        opened.session_date,
        opened.half,
        stays.pupil_key
    from opened
    inner join stays
        on
            opened.school_key = stays.school_key
            and is_in_period(opened.session_date, stays.first_day, stays.end_date)
),

sessions as (
    select
        here.school_key,
        here.term,
        here.pupil_key,
        count(*)::integer as open_sessions,
        count(case when marks.is_absent then 1 end)::integer as missed_sessions
    from here
    left join marks
        on
            here.school_key = marks.school_key
            and here.pupil_key = marks.pupil_key
            and here.session_date = marks.session_date
            and here.half = marks.half
    group by here.school_key, here.term, here.pupil_key
),

premium as (
    select
        sums.school_key,
        sums.term,
        sums.pupil_key,
        sum(sums.planned) as planned,
        coalesce(sum(sums.spent), 0) as spent
    from int_premium as sums
    inner join terms
        on
            sums.school_key = terms.school_key
            and sums.academic_year = terms.academic_year
            and sums.term = terms.term
    where
        exists (
            select 1
            from stays
            where
                stays.pupil_key = sums.pupil_key
                and is_in_period(sums.premium_date, stays.first_day, stays.end_date)
        )
    group by sums.school_key, sums.term, sums.pupil_key
),

children as (
    select
        school_key,
        term,
        pupil_key
    from members
    union
    select
        school_key,
        term,
        pupil_key
    from premium
)

select
    children.pupil_key,
    children.school_key,
    pupils.pupil_id,
    children.term,
    members.last_day,
    coalesce(sessions.open_sessions, 0) as open_sessions,
    coalesce(sessions.missed_sessions, 0) as missed_sessions,
    coalesce(premium.planned, 0) as planned,
    coalesce(premium.spent, 0) as spent
from children
inner join stg_pupil as pupils on children.pupil_key = pupils.pupil_key
left join members
    on
        children.school_key = members.school_key
        and children.term = members.term
        and children.pupil_key = members.pupil_key
left join sessions
    on
        children.school_key = sessions.school_key
        and children.term = sessions.term
        and children.pupil_key = sessions.pupil_key
left join premium
    on
        children.school_key = premium.school_key
        and children.term = premium.term
        and children.pupil_key = premium.pupil_key
