-- Who should be listed, and by which reason, as somebody reads it off the register who knows
-- nothing of our rules; `today()` is the last day.

create table school_day as
select date, row_number() over (order by date desc) as ago,
    dense_rank() over (order by date_trunc('week', date) desc) as weeks_ago
from calendar where kind = 'school day' and date <= today();

create table session_of as
select upn, date, session, code, ago, weeks_ago, date_trunc('week', date) as week,
    isodow(date) as weekday,
    coalesce(code in (
        'C', 'C1', 'C2', 'E', 'I', 'J1', 'M', 'R', 'S', 'T', 'G', 'N', 'O', 'U'
    ), false) as missed,
    coalesce(code in ('/', '\', 'L', 'B', 'K', 'P', 'V', 'W'), false) as came
from attendance join school_day using (date) where code is not null;

-- A child who misses a tenth of this school year, with six weeks behind it.
create table persistent as
select upn from session_of where year_of(date) = year_of(today())
group by upn
having count(distinct week) filter (where missed or came) >= 6
    and count(*) filter (where missed) * 10 >= count(*) filter (where missed or came);

create table should as
with lately as (
    select *, row_number() over (partition by upn order by date, session) as place
    from session_of where ago <= 10 and (missed or came)
),
ill as (
    -- one illness: nothing but I, one after the other
    select upn from lately group by upn
    having count(*) filter (where missed) >= 4
        and count(*) filter (where missed and code <> 'I') = 0
        and count(*) filter (where missed)
        = max(place) filter (where missed) - min(place) filter (where missed) + 1
),
weekday as (
    select upn, weekday, count(distinct date) filter (where missed) as days
    from session_of where weeks_ago <= 4 group by all
),
away as (
    select upn, sum(days) as days from weekday group by all
),
late as (
    select upn from session_of where ago <= 20 and session = 'AM' group by upn
    having count(*) filter (where code in ('L', 'U')) >= 4
        and count(*) filter (where code in ('L', 'U')) * 4
        >= count(*) filter (where came or code = 'U')
),
rise as (
    select upn, date, total, lag(total) over (partition by upn, informant order by date) as was,
        case informant when 'carer' then 17 when 'teacher' then 16 else 20 end as upper
    from sdq where total is not null and date <= today()
)
select upn, 'unbroken_illness' as rule from ill
union
select upn, 'missed_sessions' from lately group by upn
having count(*) filter (where missed) >= 4 and upn not in (from ill)
union
-- one weekday alone, no timetable, and not simply a child who is away a lot
select upn, 'same_weekday' from weekday join away using (upn)
where weekday.days >= 3 and away.days < 8
    and upn not in (select upn from session_of where weeks_ago <= 4 and code = 'C2')
    and weekday.days > (
        select coalesce(max(other.days), 0) from weekday as other
        where other.upn = weekday.upn and other.weekday <> weekday.weekday
    ) + 1
union
select upn, 'late_mornings' from late
union
select upn, 'no_reason_yet' from session_of where code = 'N' and ago > 6
    and year_of(date) = year_of(today())
union
select upn, 'unauthorised_sessions' from session_of where weeks_ago <= 10 group by upn
having count(*) filter (where code in ('G', 'N', 'O', 'U')) >= 10
union
select upn, 'part_time_timetable' from session_of where weeks_ago <= 7 group by upn
having count(distinct week) filter (where code = 'C2') >= 6
union
select upn, 'high_absence' from session_of join persistent using (upn)
where year_of(date) = year_of(today()) group by upn
having count(*) filter (where missed) * 5 >= count(*) filter (where missed or came)
union
select upn, 'suspended' from suspensions join school_day using (date) where ago <= 20
union
select upn, 'sdq_rise' from rise
where date >= (select min(date) from school_day where ago <= 20) and was < upper and total >= upper;
