-- Absence that lasts. One rule has the sessions missed this school year by a child at the
-- high share or above, with enough weeks for a rate. The other has the terms of this
-- school year and the last in which a child missed the share of persistent absence or
-- more, if the child's newest term with a session is among them.
-- Key: pupil_key, rule.
with terms as (
    select
        days.pupil_key,
        sum(days.absent_sessions) >= sum(days.possible_sessions)
        * threshold('persistent_absence', as_at()) as is_persistent,
        row_number() over (
            partition by days.pupil_key
            order by min(terms.first_day) desc
        ) as terms_ago
    from int_pupil_day as days
    inner join int_term as terms
        on
            days.school_key = terms.school_key
            and days.session_date between terms.first_day and terms.last_day
    where
        days.session_date <= register_day()
        and academic_year_start(terms.first_day)
        >= academic_year_start(register_day()) - 1
    group by days.pupil_key, terms.academic_year, terms.term
    having sum(days.possible_sessions) > 0
)

select
    pupil_key,
    'high_absence' as rule,
    absent_sessions as figure,
    possible_sessions as base
from int_pupil_year
where
    academic_year = academic_year(register_day())
    and not is_too_early
    and absent_sessions >= possible_sessions * threshold('high_absence', as_at())
union all by name
select
    pupil_key,
    'tenth_again' as rule,
    count(*) filter (where is_persistent)::integer as figure
from terms
group by pupil_key
having bool_or(is_persistent and terms_ago = 1)
