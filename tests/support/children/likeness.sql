-- How like England the made-up children are, and how their subjects fit together.
-- Tables: tables.sql.  "memory" marks a source that nobody has read again.
--
-- line: what | figure | source.  A row a child, of a part and a whole: the figure is their ratio.
-- gap: what | lowest | highest | source.  A row of a correlation, and of how many: as published.
-- gap: what | lowest | highest | why.  A row of a figure, and of how many: it fits together.

-- line: absence, looked after 12 months | 0.038 | DfE Outcomes for CIN, primary 2024/25
select absent, possible from year_marks where is_cla12;
-- line: persistent absence, looked after 12 months | 0.075 | DfE Outcomes for CIN, primary 2024/25
select (10 * absent >= possible)::int, 1 from year_marks where is_cla12;
-- line: severe absence, looked after 12 months | 0.008 | DfE Outcomes for CIN, primary 2024/25
select (2 * absent >= possible)::int, 1 from year_marks where is_cla12;
-- line: unauthorised absence, looked after 12 months | 0.006 | DfE Outcomes for CIN, primary 2024/25
select unauthorised, possible from year_marks where is_cla12;
-- line: absence, in need | 0.109 | DfE Outcomes for CIN, primary 2024/25
select absent, possible from year_marks where status = 'in need';
-- line: persistent absence, in need | 0.343 | DfE Outcomes for CIN, primary 2024/25
select (10 * absent >= possible)::int, 1 from year_marks where status = 'in need';
-- line: severe absence, in need | 0.033 | DfE Outcomes for CIN, primary 2024/25
select (2 * absent >= possible)::int, 1 from year_marks where status = 'in need';
-- line: unauthorised absence, in need | 0.045 | DfE Outcomes for CIN, primary 2024/25
select unauthorised, possible from year_marks where status = 'in need';
-- line: absence, on a protection plan | 0.13 | DfE Outcomes for CIN, primary 2024/25
select absent, possible from year_marks where status = 'on a protection plan';
-- line: persistent absence, on a protection plan | 0.43 | DfE Outcomes for CIN, primary 2024/25
select (10 * absent >= possible)::int, 1 from year_marks where status = 'on a protection plan';
-- line: severe absence, on a protection plan | 0.04 | DfE Outcomes for CIN, primary 2024/25
select (2 * absent >= possible)::int, 1 from year_marks where status = 'on a protection plan';
-- line: unauthorised absence, on a protection plan | 0.066 | DfE Outcomes for CIN, primary 2024/25
select unauthorised, possible from year_marks where status = 'on a protection plan';
-- line: absence, others | 0.0528 | DfE pupil attendance, primary 2025/26
select absent, possible from year_marks where status is null;
-- line: persistent absence, others | 0.1377 | DfE pupil attendance, primary 2025/26
select (10 * absent >= possible)::int, 1 from year_marks where status is null;
-- line: unauthorised absence, others | 0.0155 | DfE pupil attendance, primary 2025/26
select unauthorised, possible from year_marks where status is null;
-- line: medical appointments (M), others | 0.0027 | DfE pupil attendance, primary 2025/26
select medical, possible from year_marks where status is null;
-- line: SDQ received, looked after 12 months | 0.78 | DfE Outcomes for CIN, 2025, all ages
select (total is not null)::int, 1 from yearly_sdq;
-- line: SDQ mean, carers | 14.9 | DfE Outcomes for CIN, 2025, all ages
select total, 1 from yearly_sdq where total is not null;
-- line: SDQ 0-13, carers | 0.45 | DfE Outcomes for CIN, 2025, all ages
select (total <= 13)::int, 1 from yearly_sdq where total is not null;
-- line: SDQ 14-16, carers | 0.13 | DfE Outcomes for CIN, 2025, all ages
select (total between 14 and 16)::int, 1 from yearly_sdq where total is not null;
-- line: SDQ 17-40, carers | 0.42 | DfE Outcomes for CIN, 2025, all ages
select (total >= 17)::int, 1 from yearly_sdq where total is not null;
-- line: health assessment, looked after 12 months | 0.9 | DfE Outcomes for CIN, 2025, all ages
select has_check(upn, ['initial assessment', 'review assessment']), 1 from cla12;
-- line: dental check, looked after 12 months | 0.81 | DfE Outcomes for CIN, 2025, all ages
select has_check(upn, ['dental check']), 1 from cla12;
-- line: immunisations, looked after 12 months | 0.84 | DfE Outcomes for CIN, 2025, all ages
select has_check(upn, ['immunisations']), 1 from cla12;
-- line: EHC plan, looked after | 0.291 | DfE special educational needs, 2023/24, all ages
select has_plan(upn), 1 from at_present where status = 'looked after';
-- line: EHC plan, in need or on a plan | 0.265 | DfE special educational needs, 2023/24: 58,450 - 14,990 of those in need and not in care
select has_plan(upn), 1 from at_present where status in ('in need', 'on a protection plan');
-- line: EHC plan issued within 20 weeks | 0.5 | DfE education, health and care plans, 2023: about half (memory)
select (b.date <= a.date + 140)::int, 1 from ehcp as a join ehcp as b on a.upn = b.upn and a.event = 'requested' and b.event = 'plan issued';
-- line: boys, of children with an EHC plan | 0.71 | January 2025, 7.4 of boys and 3.1 of girls in 100 (written answer 76537), boys 51 in 100
select (sex = 'M')::int, 1 from roll where exists (from ehcp where ehcp.upn = roll.upn and event = 'plan issued');
-- line: boys, of children suspended | 0.71 | DfE, 2019/20, all schools: 5.30 of boys, 2.16 of girls in 100
select (any_value(sex) = 'M')::int, 1 from suspensions join roll using (upn) group by upn;
-- line: a second plan or a later, of plans begun | 0.245 | DfE characteristics of children in need, 2024/25, all ages
select (row_number() over (partition by upn order by date) > 1)::int, 1 from protection where event = 'plan begun';
-- gap: boys, of plans for SEMH | 0.58 | 0.86 | about 7 in 10 and more (memory)
select avg((sex = 'M')::int), count(*) from need join roll using (upn) where need = 'SEMH';
-- gap: boys, of plans for autism | 0.58 | 0.86 | about 7 in 10 and more (memory)
select avg((sex = 'M')::int), count(*) from need join roll using (upn) where need = 'ASD';
-- gap: urgent notes of being hurt that were referred the same or the next day | 0.95 | 1 | Keeping children safe in education: at once
select avg((done = 'referred')::int), count(*) from concerns where kind = 'hurt' and level = 'urgent';
-- gap: referrals of which no more came | 0.05 | 0.35 | direction: DfE characteristics of children in need (memory)
select count(*) filter (event = 'no further action') / count(*) filter (event = 'referral'), count(*) filter (event = 'referral') from protection;
-- line: three homes or more in the year, looked after | 0.1 | DfE children looked after, 31 March 2025
select (count(distinct home.first_day) >= 3)::int, 1 from at_census join home using (upn)
where status = 'looked after' and home.first_day <= census() and coalesce(next_day, date '9999-12-31') > census() - interval 1 year group by upn;
-- line: under a care order, looked after | 0.77 | DfE children looked after, 31 March 2020, all ages
select (legal_status in ('C1', 'C2'))::int, 1 from at_present where status = 'looked after';
-- line: by agreement (section 20), looked after | 0.17 | DfE children looked after, 31 March 2020, all ages
select (legal_status = 'V2')::int, 1 from at_present where status = 'looked after';
-- line: under a placement order, looked after | 0.06 | DfE children looked after, 31 March 2020, all ages
select (legal_status = 'E1')::int, 1 from at_present where status = 'looked after';
-- line: fostered, by kin or others, looked after | 0.8 | about 80 at this age (memory)
select (home in ('foster', 'kinship'))::int, 1 from at_present where status = 'looked after';
-- line: days of a suspension | 1.7 | DfE suspensions, primary 2022/23: 143,019.5 days of 84,264
select sessions / 2, 1 from suspensions;
-- line: suspensions of a child who was suspended in the year | 2.2 | DfE suspensions, primary 2022/23: 84,264 of 38,233
select count(*), 1 from suspensions where year_of(date) <= year_of(census()) group by upn, year_of(date);

-- tie: carer and teacher agree on the total | 0.36 | 0.46 | Du and others 2008, China, 0.36; Goodman 2001, Britain, 0.46 (memory)
select corr(carer, teacher), count(*) from both_sdq;
-- tie: carer and teacher agree on hyperactivity | 0.44 | 0.48 | Du and others 2008, 0.44; Goodman 2001, 0.48 (memory)
select corr(carer_hyperactivity, teacher_hyperactivity), count(*) from both_sdq;
-- tie: carer and teacher agree on conduct | 0.31 | 0.37 | Du and others 2008, 0.31; Goodman 2001, 0.37 (memory)
select corr(carer_conduct, teacher_conduct), count(*) from both_sdq;
-- tie: carer and teacher agree on emotional difficulties | 0.23 | 0.27 | Du and others 2008, 0.23; Goodman 2001, 0.27 (memory)
select corr(carer_emotional, teacher_emotional), count(*) from both_sdq;
-- tie: carer's total, and the next after a year | 0.72 | 0.72 | Goodman 2001, 0.72 after four to six months (memory)
select corr(total, next_total), count(*) from next_sdq where informant = 'carer';
-- gap: teacher's totals a year apart that differ by ten or more | 0 | 0.2 | as the carers'
select avg((abs(total - next_total) >= 10)::int), count(*) from next_sdq where informant = 'teacher';
-- tie: conduct and hyperactivity, carers | 0.48 | 0.48 | Moriwaki and Kamio 2014, Japan, 0.48 by parents
select corr(conduct, hyperactivity), count(*) from sdq where informant = 'carer';
-- tie: a teacher's emotional score and the absence of the year, by rank | 0.23 | 0.29 | Panayiotou and others 2021, England, 6 to 9
with pair as (select emotional, absent / possible as rate, status from sdq join year_marks using (upn) where informant = 'teacher' and emotional is not null and year_of(date) = year_of(census())),
ranked as (select rank() over (partition by status order by emotional) / count(*) over (partition by status) as x, rank() over (partition by status order by rate) / count(*) over (partition by status) as y from pair)
select corr(x, y), count(*) from ranked;
-- tie: carer's total and the absence of the year, by rank | 0.23 | 0.29 | as the teacher's
with pair as (select total, absent / possible as rate from yearly_sdq join year_marks using (upn) where total is not null),
ranked as (select rank() over (order by total) as x, rank() over (order by rate) as y from pair)
select corr(x, y), count(*) from ranked;
-- gap: carer's total, SEMH over other needs | 3 | 12 | by definition of the need
select avg(total) filter (need = 'SEMH') - avg(total) filter (need <> 'SEMH'), count(*) filter (need = 'SEMH') from latest_sdq join need using (upn);
-- gap: carer's total, SEMH over the next highest need | 0.5 | 12 | by definition of the need
with means as (select need, avg(total) as mean, count(*) as number from latest_sdq join need using (upn) where need <> 'OTH' group by all)
select any_value(mean) filter (need = 'SEMH') - max(mean) filter (need <> 'SEMH'), sum(number) from means;
-- gap: carer's conduct score, suspended over others | 0.7 | 5 | direction: Paget and others 2018 (memory)
select avg(conduct) filter (was_suspended(upn)) - avg(conduct) filter (not was_suspended(upn)), count(*) filter (was_suspended(upn)) from sdq where informant = 'carer';
-- gap: teacher's conduct score, suspended over others | 0.5 | 5 | direction: Paget and others 2018 (memory)
select avg(conduct) filter (was_suspended(upn)) - avg(conduct) filter (not was_suspended(upn)), count(*) filter (was_suspended(upn)) from sdq where informant = 'teacher';
-- gap: carer's total, in a children's home over with foster carers | 2 | 10 | direction: Ford and others 2007
select avg(total) filter (home = 'children''s home') - avg(total) filter (home = 'foster'), count(*) filter (home = 'children''s home') from latest_sdq join at_present using (upn);
-- gap: carer's total, with foster carers over with family | 0 | 5 | direction: Ford and others 2007
select avg(total) filter (home = 'foster') - avg(total) filter (home = 'kinship'), count(*) filter (home = 'kinship') from latest_sdq join at_present using (upn);
-- gap: carer's total, three homes or more since 2023 over one | 1 | 8 | direction: Ford and others 2007
with counted as (select upn, count(*) as homes from home where first_day >= date '2023-01-01' group by upn)
select avg(total) filter (homes >= 3) - avg(total) filter (homes is null or homes < 2), count(*) filter (homes >= 3) from latest_sdq join cla12 using (upn) left join counted using (upn);
-- gap: the same child's carer's total, in the half year after a move over otherwise | 1.5 | 7 | made up; direction: Ford and others 2007
with form as (select upn, total, exists (from home as h where h.upn = sdq.upn and h.is_move and sdq.date between h.first_day and h.first_day + 182) as is_after from sdq where informant = 'carer' and total is not null),
child as (select upn, avg(total) filter (is_after) - avg(total) filter (not is_after) as rise from form group by upn)
select avg(rise), count(rise) from child where rise is not null;
-- gap: the same child's absence in the eight weeks after a move over the eight before | 0.01 | 0.08 | made up
with rate as (select h.upn, h.first_day, sum(is_absent) filter (date >= h.first_day) / sum(is_possible) filter (date >= h.first_day) as after, sum(is_absent) filter (date < h.first_day) / sum(is_possible) filter (date < h.first_day) as before
    from home as h join mark on mark.upn = h.upn and mark.date between h.first_day - 56 and h.first_day + 56 where h.is_move group by all
    having sum(is_possible) filter (date < h.first_day) > 30 and sum(is_possible) filter (date >= h.first_day) > 30)
select avg(after - before), count(*) from rate;
-- gap: suspensions of five days or less | 0.95 | 1 | most are (DfE, all schools spring 2023/24: 91 in 100 of four or less)
select avg((sessions <= 10)::int), count(*) from suspensions;
-- gap: children in care or in need who were suspended in the year | 0.015 | 0.08 | above the 0.8 in 100 of all primary children (DfE 2022/23)
select count(distinct s.upn) / count(distinct at_census.upn), count(distinct at_census.upn) from at_census left join suspensions as s on s.upn = at_census.upn and year_of(s.date) = year_of(census()) where status <> 'previously looked after';
-- gap: health events on a Monday | 0.15 | 0.25 | a fifth of the working days
select avg((isodow(date) = 1)::int), count(*) from health;
