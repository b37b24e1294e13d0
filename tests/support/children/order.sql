-- What no made-up child may have: each check selects the rows that break it, and says what would.
-- Tables: tables.sql.

-- check: placed with parents under section 20 (DfE SSDA903 rule 378)
-- broken by: update care set legal_status = 'V2', home = 'with parents' where number = 1
from care where legal_status = 'V2' and home = 'with parents';
-- check: placed for adoption without a placement order (DfE rule 408)
-- broken by: update care set legal_status = 'C2', home = 'adoptive' where number = 1
from care where home = 'adoptive' and legal_status <> 'E1';
-- check: with parents under a placement order
-- broken by: update care set legal_status = 'E1', home = 'with parents' where number = 1
from care where legal_status = 'E1' and home = 'with parents';
-- check: left care for good from a home that nobody adopts or keeps a child from
-- broken by: update care set home = 'other' where status = 'looked after' and "end" is not null
from care as a join care as b on b.upn = a.upn and b.status = 'previously looked after' and b.first_day = a.end
where a.home not in ('foster', 'kinship', 'adoptive');
-- check: left care from an adoptive home to something else than an order (DfE rule 390)
-- broken by: update care set home = 'adoptive', "end" = today() where number = 1
from care as a where home = 'adoptive' and "end" is not null and not exists (
    from care as b where b.upn = a.upn and b.first_day = a.end and (b.home = 'adoptive' or b.status = 'previously looked after'));
-- check: an order, a conference or a move on a Saturday or Sunday
-- broken by: update care set "end" = date '2026-11-14' where number = 1
from turn where isodow(day) > 5;
-- check: an order, a conference or a move on a bank holiday
-- broken by: update care set "end" = date '2026-05-04' where number = 1
from turn semi join holiday using (day);
-- check: a period that ends before it begins
-- broken by: update care set "end" = first_day where number = 1
from care where "end" <= first_day;
-- check: periods that share days
-- broken by: insert into care by name select upn, first_day, 999 as number from care where number = 1
from care as a join care as b on a.upn = b.upn and a.number < b.number
    and a.first_day < coalesce(b.end, date '9999-12-31') and b.first_day < coalesce(a.end, date '9999-12-31');
-- check: a period before the child was born
-- broken by: update care set first_day = date '2000-01-03' where number = 1
from care join roll using (upn) where first_day < date_of_birth;
-- check: a period that nobody could know of yet
-- broken by: update care set first_day = today() + 1 where number = 1
from care where first_day > today();
-- check: looked after without authority, legal status or home
-- broken by: update care set home = null where status = 'looked after'
from care where status = 'looked after' and (authority is null or legal_status is null or home is null);
-- check: a legal status or a home out of care
-- broken by: update care set legal_status = 'C2' where status = 'in need'
from care where status <> 'looked after' and (legal_status is not null or home is not null);
-- check: another authority within one time in care
-- broken by: update care set authority = concat('A', number) where status = 'looked after'
from care as a join care as b on a.upn = b.upn and a.end = b.first_day and a.status = b.status and a.authority <> b.authority;
-- check: an order that turned back into an interim one or an agreement
-- broken by: update care set legal_status = if("end" is null, 'C1', 'C2') where status = 'looked after'
from care as a join care as b on a.upn = b.upn and a.end = b.first_day
where (a.legal_status, b.legal_status) in (('C2', 'C1'), ('C2', 'V2'), ('E1', 'C1'), ('E1', 'V2'), ('C1', 'V2'));
-- check: under an interim order for over 15 months
-- broken by: update care set legal_status = 'C1' where status = 'looked after'
from (from care join roll using (upn) select upn, sum(date_diff('day', first_day, coalesce("end", leaving_date, today()))) as days where legal_status = 'C1' group by upn) where days > 456;
-- check: care that began under a placement order
-- broken by: update care set legal_status = 'E1', status = 'looked after', start = '2024-01-08' where number = 1
from care as b where legal_status = 'E1' and start <> 'unknown' and not exists (from care as a where a.upn = b.upn and a.end = b.first_day and a.status = b.status);
-- check: a protection plan that ended before its first review conference, at three months
-- broken by: update care set status = 'on a protection plan', "end" = first_day + 90 where number = 1
from care where status = 'on a protection plan' and "end" < first_day + interval 3 month;
-- check: in need for less than the three working days that a plan needs
-- broken by: update care set status = 'in need', "end" = first_day + 2 where number = 1
from care where status = 'in need' and "end" <= first_day + 3;
-- check: two moves within a week
-- broken by: update care set first_day = "end" - 7 where "end" is not null
from care as a join care as b on a.upn = b.upn and a.end = b.first_day and a.status = b.status where a.end <= a.first_day + 7;
-- check: previously looked after from another day than that on which care ended
-- broken by: update care set first_day = first_day + 1 where status = 'previously looked after'
from care as b where status = 'previously looked after' and exists (from care as a where a.upn = b.upn and a.status = 'looked after')
    and not exists (from care as a where a.upn = b.upn and a.status = 'looked after' and a.end = b.first_day);
-- check: an unknown start without the day since when it is known, or the other way round
-- broken by: update care set start = 'unknown', known_since = null where number = 1
from care where (start = 'unknown') <> (known_since is not null);
-- check: a birthday that is not of the year group
-- broken by: update roll set date_of_birth = date_of_birth - 366
from roll where year_of(coalesce(leaving_date, greatest(entry_date, today()))) - year_of(date_of_birth) - 5 <> year_group::int;
-- check: joined on a day without school
-- broken by: update roll set entry_date = date '2026-10-28'
from roll left join calendar on calendar.date = entry_date where kind is not null and kind <> 'school day' and kind <> 'INSET';
-- check: left on a day without school, or before joining
-- broken by: update roll set leaving_date = date '2026-10-28'
from roll left join calendar on calendar.date = leaving_date where leaving_date < entry_date or kind = 'holiday';
-- check: a mark of a child who is not on roll
-- broken by: update roll set entry_date = date '2026-11-09'
from attendance left join roll using (upn) where entry_date is null or date < entry_date or date > leaving_date;
-- check: a mark on a day without school
-- broken by: update attendance set date = date '2026-10-28' where date = date '2026-11-09'
from attendance anti join (from calendar where kind in ('school day', 'closed')) using (date);
-- check: a mark of the other half of the day
-- broken by: update attendance set code = '/' where session = 'PM' and code = 'I'
from attendance where (code in ('/', 'U') and session = 'PM') or (code = '\' and session = 'AM');
-- check: a code before it was in force, or after
-- broken by: update attendance set code = 'Y' where code = 'I'
from attendance where code in ('C2', 'K', 'Y1', 'Y4') <> (code in ('C2', 'K', 'Y1', 'Y4') and date >= date '2024-08-19') or (code = 'Y' and date >= date '2024-08-19');
-- check: a mark of a day that has not been
-- broken by: update attendance set code = '/' where date > today()
from attendance where date > today() and code <> '#';
-- check: present when the whole site was closed
-- broken by: update attendance set code = '/' where code = 'Y4'
from attendance join calendar using (date) where kind = 'closed' and code not in ('#', 'Y', 'Y4');
-- check: marked suspended without a suspension
-- broken by: update attendance set code = 'E' where code = 'I'
from (from attendance where code = 'E') anti join suspended using (upn, date, session);
-- check: suspended, and marked as something else in the first five days
-- broken by: update suspended set code = 'I' where nth = 1
from suspended where nth <= 10 and code <> 'E';
-- check: no education from the sixth day of a suspension
-- broken by: update suspended set nth = 11 where code = 'E'
from suspended where nth > 10 and code not in ('B', 'D');
-- check: suspended for more than 45 days in a school year
-- broken by: update suspensions set sessions = 92
from (from suspensions select upn, year_of(date) as year, sum(sessions) as sessions group by all) where sessions > 90;
-- check: suspended again before the last one was over
-- broken by: insert into suspended from suspended
from suspended select upn, date, session group by all having count(*) > 1;
-- check: a suspension on a day without school, or of a child who is not on roll
-- broken by: update suspensions set date = date '2026-10-28'
from suspensions anti join (from attendance semi join (from calendar where kind = 'school day') using (date)) as here using (upn, date) where date >= (select min(date) from attendance);
-- check: a questionnaire of the child itself before eleven
-- broken by: update sdq set informant = 'self'
from sdq join roll using (upn) where informant = 'self' and date < date_of_birth + interval 11 year;
-- check: a questionnaire of a child under four
-- broken by: update sdq set date = date '2019-01-07'
from sdq join roll using (upn) where date < date_of_birth + interval 4 year;
-- check: scales that do not add up, or out of their range
-- broken by: update sdq set total = total + 1
from sdq where emotional + conduct + hyperactivity + peer <> total or greatest(emotional, conduct, hyperactivity, peer, prosocial, impact) > 10 or total > 40;
-- check: a status of in need or on a plan without a step on its first day
-- broken by: delete from protection where event in ('referral', 'plan begun')
from care where first_day <= today() and status in ('in need', 'on a protection plan') and start <> 'unknown' and not exists (
    from protection where protection.upn = care.upn and (date = first_day
        and event = if(status = 'in need', 'referral', 'plan begun') or (status = 'in need' and event = 'plan ended' and date = first_day)));
-- check: a plan that begins or ends on another day than the status
-- broken by: update protection set date = date + 1 where event in ('plan begun', 'plan ended')
from protection as a where event in ('plan begun', 'plan ended') and not exists (from care where care.upn = a.upn
    and status = 'on a protection plan' and a.date = if(event = 'plan begun', first_day, "end"));
-- check: a decision, an assessment or a strategy discussion without a referral before
-- broken by: delete from protection where event = 'referral'
from protection as a where event in ('referral accepted', 'assessment completed', 'strategy discussion')
    and not exists (from protection as b where b.upn = a.upn and b.event = 'referral' and b.date < a.date);
-- check: a conference without a strategy discussion in the 22 working days before, which is 36 days at most
-- broken by: delete from protection where event = 'strategy discussion'
from protection as a where event = 'initial conference'
    and not exists (from protection as b where b.upn = a.upn and b.event = 'strategy discussion' and b.date < a.date and b.date >= a.date - 36);
-- check: an enquiry that begins before its strategy discussion or after the conference
-- broken by: update protection set date = date - 30 where event = 'section 47 begun'
from protection as a where event = 'section 47 begun' and date < today() - 31 and not exists (
    from protection as b join protection as c using (upn) where b.upn = a.upn and b.event = 'strategy discussion'
    and c.event in ('initial conference', 'conference not needed') and a.date between b.date and c.date and c.date <= b.date + 36);
-- check: a core group or a review conference out of a plan
-- broken by: delete from protection where event = 'plan begun'
from protection as a where event in ('core group', 'review conference') and not exists (from protection as b where b.upn = a.upn and b.event = 'plan begun' and b.date < a.date);
-- check: a plan begun without its conference, or without a category of abuse
-- broken by: update protection set abuse = null where event = 'plan begun'
from protection as a where event = 'plan begun' and (abuse is null or not exists (from protection as b where b.upn = a.upn and b.event = 'initial conference' and b.date = a.date));
-- check: a note of concern out of the child's time at the school, or closed before it was written
-- broken by: update concerns set closed = date - 1
from concerns join roll using (upn) where date < entry_date or date > coalesce(leaving_date, today()) or closed < date or follow_up < date or closed > today();
-- check: a review of care, a new social worker or a time missing out of care, or before the child came to the school
-- broken by: delete from care where status = 'looked after'
from (select upn, date from reviews union all select upn, date from care_changes union all select upn, date from missing) as each
where not exists (from care where care.upn = each.upn and status = 'looked after' and each.date between first_day and coalesce("end", date '9999-12-31'))
    or not exists (from roll where roll.upn = each.upn and each.date >= entry_date);
-- check: two reviews of care within six weeks, or more than seven months apart in one time in care
-- broken by: insert into reviews by name select upn, date + 20 as date, 'held' as outcome from reviews where outcome = 'held'
from (select upn, date, lag(date) over (partition by upn order by date) as before from reviews where outcome = 'held')
where date < before + 42 or (date > before + 215 and not exists (from care where care.upn = upn and first_day between before and date and status = 'looked after'
    and not exists (from care as c where c.upn = care.upn and c."end" = care.first_day and c.status = 'looked after')));
-- check: back before the child was missing, talked with before it was back, or a day yet to come
-- broken by: update missing set back = date - 1
from missing where back < date or interview_date < back or back > today() or interview_date > today();
-- check: a step of protection before the child was born
-- broken by: update protection set date = date '2001-01-08'
from protection join roll using (upn) where date < date_of_birth;
-- check: a carer's questionnaire, a health event or a PEP out of care
-- broken by: update event set day = date '2001-01-08'
from (from event where source in ('health', 'pep') or (source = 'sdq' and what = 'carer')) as event
anti join (from care where status = 'looked after') as care on care.upn = event.upn
    and event.day >= first_day and event.day < coalesce("end", date '9999-12-31');
-- check: two carers' questionnaires within two months
-- broken by: insert into sdq by name select upn, date + 59 as date, informant from sdq
from sdq as a join sdq as b on a.upn = b.upn and a.informant = 'carer' and b.informant = 'carer' and b.date > a.date and b.date < a.date + 60;
-- check: a teacher's questionnaire on a day without school, or of a child who is not on roll
-- broken by: update sdq set date = date '2026-10-28', informant = 'teacher'
from sdq anti join attendance using (upn, date) where informant = 'teacher' and date >= (select min(date) from attendance);
-- check: something by an office on a Saturday or Sunday
-- broken by: update event set day = date '2026-11-14' where source = 'health'
from event where isodow(day) > 5 and source <> 'suspensions';
-- check: something by an office on a bank holiday
-- broken by: update event set day = date '2026-05-04' where source = 'health'
from event semi join holiday using (day);
-- check: two initial health assessments in one time in care
-- broken by: insert into health by name select upn, date + 1 as date, kind from health where kind = 'initial assessment'
from health as a join health as b on a.upn = b.upn and a.kind = 'initial assessment' and b.kind = a.kind and b.date > a.date and not exists (
    from care where upn = a.upn and status = 'looked after' and first_day between a.date and b.date
        and not exists (from care as before where before.upn = care.upn and before.status = care.status and before.end = care.first_day));
-- check: a review health assessment before the initial one
-- broken by: insert into health by name select upn, date - 1 as date, 'review assessment' as kind from health where kind = 'initial assessment'
from health as a join health as b on a.upn = b.upn and a.kind = 'initial assessment' and b.kind = 'review assessment' and b.date < a.date and not exists (
    from care where upn = a.upn and first_day between b.date and a.date and status = 'looked after');
-- check: health: next due before it was done, or a reason with it
-- broken by: update health set reason = 'other' where outcome = 'done'
from health where next_due <= date or (reason is not null) <> (outcome = 'not done');
-- check: two PEP meetings within three weeks
-- broken by: insert into pep by name select upn, date + 21 as date, outcome from pep
from pep as a join pep as b on a.upn = b.upn and a.outcome = 'held' and b.outcome = 'held' and b.date > a.date and b.date <= a.date + 21;
-- check: a PEP meeting or an annual review on a day without school
-- broken by: update pep set date = date '2026-10-28'
from (select upn, date from pep union all select upn, date from ehcp where event in ('review meeting', 'review booked')) as met
join calendar using (date) where kind not in ('school day');
-- check: the school's report or advice sent in a holiday
-- broken by: update ehcp set date = date '2026-10-28' where event = 'report sent'
from ehcp join calendar using (date) where event in ('report sent', 'advice given') and kind = 'holiday';
-- check: an annual review before there was a plan
-- broken by: delete from ehcp where event = 'plan issued'
from ehcp as a where event in ('review meeting', 'review booked') and not exists (from ehcp as b where b.upn = a.upn and b.event = 'plan issued' and b.date < a.date);
-- check: a step of an EHC assessment before the one that it follows
-- broken by: update ehcp set date = today() where event = 'requested'
from ehcp as a join ehcp as b on a.upn = b.upn and path(a.event) < path(b.event) and a.date > b.date;
-- check: a step of an annual review before its meeting
-- broken by: delete from ehcp where event = 'review meeting'
from ehcp as a where event in ('report sent', 'decided to keep', 'decided to amend', 'decided to cease', 'amended plan issued')
    and not exists (from ehcp as b where b.upn = a.upn and b.event = 'review meeting' and b.date <= a.date);
-- check: an amended plan that was never decided on
-- broken by: delete from ehcp where event = 'decided to amend'
from ehcp as a where event = 'amended plan issued' and not exists (from ehcp as b where b.upn = a.upn and b.event = 'decided to amend' and b.date between a.date - 140 and a.date);
-- check: decided to amend over 18 weeks ago and nothing issued
-- broken by: delete from ehcp where event = 'amended plan issued'
from ehcp as a join roll using (upn) where event = 'decided to amend' and date + 126 <= coalesce(leaving_date, today())
    and not exists (from ehcp as b where b.upn = a.upn and b.event = 'amended plan issued' and b.date >= a.date and b.date <= a.date + 126);
-- check: a step after a refusal or after the plan ceased
-- broken by: update ehcp set event = 'ceased' where event = 'plan issued'
from ehcp as a join ehcp as b on a.upn = b.upn and a.event in ('refused to assess', 'refused to issue', 'ceased') and b.date > a.date and b.event <> 'requested';
-- check: a plan or a request for one before the child was two
-- broken by: update ehcp set date = date '2012-01-09'
from ehcp join roll using (upn) where date < date_of_birth + interval 2 year;
-- check: two annual reviews within five months
-- broken by: insert into ehcp by name select upn, date + 100 as date, event from ehcp where event = 'review meeting'
from ehcp as a join ehcp as b on a.upn = b.upn and a.event = 'review meeting' and b.event in ('review meeting', 'review booked') and b.date > a.date and b.date < a.date + 150;
-- check: something after today that is not booked
-- broken by: update event set day = today() + 3
from event where day > today() and not is_booked;
-- check: something booked for a day that has been
-- broken by: update event set is_booked = true
from event where day <= today() and is_booked;
-- check: something after the child left
-- broken by: update roll set leaving_date = date '2020-01-06'
from event join roll using (upn) where day > leaving_date;
-- check: two rows of one key
-- broken by: insert into event from event
from event select upn, source, day, what group by all having count(*) > 1;
-- check: own words of a PEP or a review of care on a day without one, or out of care
-- broken by: update own_words set date = date + 1 where setting = 'PEP'
from own_words as w where setting <> 'conversation' and not exists (
    from (select upn, date, 'PEP' as setting from pep where outcome = 'held' union all select upn, date, 'review of care' from reviews where outcome = 'held') as met
    join care on care.upn = met.upn and status = 'looked after' and met.date >= first_day and met.date < coalesce("end", date '9999-12-31')
    where met.upn = w.upn and met.date = w.date and met.setting = w.setting);
-- check: a child's own line, or a line of concern, twice for one child
-- broken by: update own_words set line = 'no'
from (select upn, line from own_words union all select upn, line from concerns) group by all having count(*) > 1;
-- check: own words before the child came, after it left, or in a conversation on a day without school
-- broken by: update own_words set date = date '2026-10-28' where setting = 'conversation'
from own_words join roll using (upn) left join calendar using (date)
where date < entry_date or date > coalesce(leaving_date, today()) or (setting = 'conversation' and kind not in ('school day', 'closed'));
-- check: own words, help or sums of more than a twelfth of their children on one day
-- broken by: update premium set date = date '2026-09-14'
from (select 'words' as what, upn, date from own_words union all select 'help', upn, date from interventions union all select 'sums', upn, date from premium)
select what, date group by all having count(distinct upn) > greatest(12, (select count(distinct upn) from premium) / 12);
-- check: premium that a PEP asked for, of a child out of care or without a PEP
-- broken by: delete from pep
from premium as p where in_pep = 'yes' and (not exists (from pep where pep.upn = p.upn and pep.date <= p.date and outcome = 'held')
    or not exists (from care where care.upn = p.upn and status = 'looked after' and p.date >= first_day and p.date < coalesce("end", date '9999-12-31')));
-- check: premium for help that is not in place
-- broken by: delete from interventions
from premium as p where kind not in ('club', 'equipment') and not exists (
    from interventions as i where i.upn = p.upn and i.kind = p.kind and p.date between i.date and coalesce(i."end", today()));
-- check: more premium spent than planned, or more planned in a year than the grant
-- broken by: update premium set spent = planned + 1
from premium select upn, year_of(date) as year group by all having sum(planned) > 2630 or bool_or(spent > planned);
-- check: an afternoon of a part-time timetable without one
-- broken by: delete from provision
from attendance as a where code = 'C2' and not exists (from provision as p where p.upn = a.upn and kind = 'part-time timetable' and a.date between p.date and coalesce(p."end", today()));
-- check: a part-time timetable of which the register has no afternoon
-- broken by: update attendance set code = 'I' where code = 'C2'
from provision as p where kind = 'part-time timetable' and p.date between greatest((select min(date) from attendance), date '2024-09-01') and today() - 21
    and not exists (from attendance as a where a.upn = p.upn and code = 'C2' and a.date between p.date and coalesce(p."end", today()));
-- check: a note that says referred without a referral that day or the next working day
-- broken by: delete from protection where event = 'referral'
from concerns as c where done = 'referred' and not exists (from protection as p where p.upn = c.upn and event = 'referral' and p.date between c.date and c.date + if(isodow(c.date) = 5, 3, 2));
-- check: an urgent note that was only kept under watch or talked over
-- broken by: update concerns set done = 'kept under watch'
from concerns where level = 'urgent' and done in ('kept under watch', 'spoke with the child', 'called the carer');
-- check: no further action without a referral in the 45 working days before
-- broken by: delete from protection where event = 'referral'
from protection as a where event = 'no further action' and not exists (from protection as b where b.upn = a.upn and b.event = 'referral' and b.date < a.date and b.date >= a.date - 75);
-- check: referred while in need or on a plan
-- broken by: update protection set event = 'referral' where event = 'core group'
from protection as p where event = 'referral' and exists (from care where care.upn = p.upn and status in ('in need', 'on a protection plan') and p.date > first_day and p.date < coalesce("end", date '9999-12-31'));
-- check: an enquiry that ended without a conference, and one held since it began
-- broken by: delete from protection where event = 'section 47 begun'
from protection as a where event = 'conference not needed' and not exists (from protection as b where b.upn = a.upn and b.event = 'section 47 begun' and b.date <= a.date and b.date >= a.date - 36
    and not exists (from protection as c where c.upn = a.upn and c.event = 'initial conference' and c.date between b.date and a.date));
-- check: a category that changed out of a plan, or to what it was
-- broken by: update protection set abuse = 'NEG' where abuse is not null
from protection as a where event = 'category changed' and not exists (
    from protection as b join care on care.upn = b.upn and status = 'on a protection plan' and b.date = first_day
    where b.upn = a.upn and b.event = 'plan begun' and b.abuse <> a.abuse and a.date > first_day and a.date < coalesce("end", date '9999-12-31'));
