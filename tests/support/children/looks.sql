-- What somebody reads off the register who knows nothing of our rules; `today()` is the last day.

create table session_of as
select upn, attendance.date, code, date_trunc('week', attendance.date) as week,
    dense_rank() over (order by date_trunc('week', attendance.date) desc) as weeks_ago,
    coalesce(code in (
        'C', 'C1', 'C2', 'E', 'I', 'J1', 'M', 'R', 'S', 'T', 'G', 'N', 'O', 'U'
    ), false) as missed,
    coalesce(code in ('/', '\', 'L', 'B', 'K', 'P', 'V', 'W'), false) as came
from attendance join calendar using (date)
where kind = 'school day' and attendance.date <= today() and code is not null;

-- A child who misses a tenth of this school year, with six weeks behind it.
create table persistent as
select upn from session_of where year_of(date) = year_of(today())
group by upn
having count(distinct week) filter (where missed or came) >= 6
    and count(*) filter (where missed) * 10 >= count(*) filter (where missed or came);

-- One weekday alone in the last four weeks, no timetable, and not simply a child who is away a lot.
create table same_weekday as
with weekday as (
    select upn, isodow(date) as weekday, count(distinct date) filter (where missed) as days
    from session_of where weeks_ago <= 4 group by all
)
select upn from weekday
where days >= 3 and upn not in (select upn from session_of where weeks_ago <= 4 and code = 'C2')
    and 8 > (select sum(days) from weekday as any_day where any_day.upn = weekday.upn)
    and days > (
        select coalesce(max(other.days), 0) from weekday as other
        where other.upn = weekday.upn and other.weekday <> weekday.weekday
    ) + 1;
