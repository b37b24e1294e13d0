-- Tables and macros beside those of the files; `today()` is the last day of the school's data.

create macro year_of(day) as year(day) - if(month(day) < 9, 1, 0);
-- The place of a step in the path to a plan; null for the steps of a review.
create macro path(event) as list_position(
    ['requested', 'agreed to assess', 'advice asked', 'advice given', 'draft issued', 'plan issued'],
    event
);

-- Care episodes with the first day that counts.
create table care as
select *, row_number() over () as number,
    if(start = 'unknown', known_since, try_cast(start as date)) as first_day
from care_episodes;

-- Days on which care changed, but for the day since when something unknown is known.
create view turn as
select upn, first_day as day from care where start <> 'unknown'
union all
select upn, "end" from care where "end" is not null;

-- What is dated, apart from care and marks.
create table event as
select upn, 'sdq' as source, date as day, informant as what, false as is_booked from sdq
union all
select upn, 'health', date, kind, outcome = 'booked' from health
union all
select upn, 'ehcp', date, event, event = 'review booked' from ehcp
union all
select upn, 'pep', date, 'meeting', outcome = 'booked' from pep
union all
select upn, 'suspensions', date, 'suspension', false from suspensions
union all
select upn, 'protection', date, event, ends_with(event, 'booked') from protection
union all
select upn, 'concerns', date, line, false from concerns
union all
select upn, 'reviews', date, 'review of care', outcome = 'booked' from reviews
union all
select upn, 'care_changes', date, kind, false from care_changes;

-- The sessions of each suspension, numbered: those on which anybody could attend.
create table suspended as
with slot as (
    select upn, date, session, code,
        row_number() over (partition by upn order by date, session) as place
    from attendance semi join suspensions using (upn)
    where code is null or code not in ('#', 'Y', 'Y4')
),
begun as (
    select upn, date, any_value(sessions) as sessions,
        if(any_value(sessions) % 2 = 1, max(place), min(place)) as first
    from suspensions join slot using (upn, date)
    group by all
)
select upn, slot.date, session, code, place - first + 1 as nth
from begun join slot using (upn)
where place between first and first + sessions - 1 and slot.date <= today();

-- Marks up to today with what they count for.
create table mark as
select upn, date, code, (is_absent or is_there)::int as is_possible, is_absent::int as is_absent,
    coalesce(code in ('G', 'N', 'O', 'U'), false)::int as is_unauthorised
from (
    select *,
        coalesce(code in ('/', '\', 'L', 'B', 'K', 'P', 'V', 'W'), false) as is_there,
        coalesce(code in (
            'C', 'C1', 'C2', 'E', 'I', 'J1', 'M', 'R', 'S', 'T', 'G', 'N', 'O', 'U'
        ), false) as is_absent
    from attendance where date <= today()
);

-- Who was what on the last day of the data, and on the day of the census: or on leaving before.
create macro is_of(day, leaving_date, first_day, last_day) as
first_day <= least(day, coalesce(leaving_date, day))
and (last_day is null or least(day, coalesce(leaving_date, day)) < last_day);
create table at_present as
select care.* from care join roll using (upn)
where is_of(today(), leaving_date, first_day, "end");
create table at_census as
select care.* from care join roll using (upn)
where is_of(census(), leaving_date, first_day, "end");

-- The homes of children in care, a row for each; `is_move`: not the first of a time in care.
-- Where only the legal status changed the child stayed.
create table home as
with numbered as (
    select *, lag(home) over w as home_before, lag("end") over w as end_before,
        lag(legal_status) over w as legal_before
    from care where status = 'looked after'
    window w as (partition by upn order by first_day)
)
select upn, first_day, end_before is not distinct from first_day as is_move,
    lead(first_day) over (partition by upn order by first_day) as next_day
from numbered
where end_before is distinct from first_day or home <> home_before or legal_status = legal_before;

-- Looked after without a break for the twelve months to the census, and on roll then.
create table cla12 as
with numbered as (
    select *, lag("end") over (partition by upn order by first_day) as end_before
    from care where status = 'looked after'
),
islands as (
    select *, sum(if(end_before = first_day, 0, 1)) over (partition by upn order by first_day)
        as island
    from numbered
)
select upn from islands join roll using (upn)
where start <> 'unknown' and (leaving_date is null or leaving_date > census())
group by upn, island
having min(first_day) <= census() - interval 1 year
    and max(coalesce("end", date '9999-12-31')) > census();

-- The sessions of each child in the school year of the census.
create table year_marks as
select upn, any_value(status) as status, any_value(upn in (from cla12)) as is_cla12,
    sum(is_absent) as absent, sum(is_possible) as possible,
    sum(is_unauthorised) as unauthorised, count(*) filter (code = 'M') as medical
from mark left join at_census using (upn)
where year_of(date) = year_of(census())
group by upn
having possible > 0;

-- The last carer's form in the year to the census, null where none was scored; and the last of all.
create view yearly_sdq as
select upn, max_by(total, date) filter (
    informant = 'carer' and total is not null and date between census() - 364 and census()
) as total
from cla12 left join sdq using (upn) group by upn;
create view latest_sdq as
select upn, max_by(total, date) as total
from sdq where informant = 'carer' and total is not null group by upn;
-- A carer's form and a teacher's within a month of it.
create view both_sdq as
select a.upn, a.total as carer, b.total as teacher
from sdq as a join sdq as b on a.upn = b.upn and b.date between a.date and a.date + 30
where a.informant = 'carer' and b.informant = 'teacher';
-- A form, and the next by the same informant after about a year.
create view next_sdq as
select a.upn, a.informant, a.total, b.total as next_total
from sdq as a join sdq as b
    on a.upn = b.upn and a.informant = b.informant and b.date between a.date + 270 and a.date + 450;

create view need as
select upn, any_value(primary_need) as need from ehcp where event = 'plan issued' group by upn;
create macro has_plan(child) as (
    exists (from ehcp where upn = child and event = 'plan issued')
    and not exists (from ehcp where upn = child and event = 'ceased')
)::int;
create macro has_check(child, kinds) as exists (
    from health where upn = child and outcome = 'done' and kind in kinds
        and date between census() - 364 and census()
)::int;
create macro was_suspended(child) as child in (select upn from suspensions);
