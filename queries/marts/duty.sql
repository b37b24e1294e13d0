-- One row a dated duty of a child on roll: what started its clock and when, the last day
-- by the calendar that its rule names, what came of it, and who holds it.  status on the
-- day asked for: done; booked, when a day is set; cannot be known, when missing says what
-- no record tells; later and due soon, within the school days of the rule (working days
-- where the school's calendar does not reach so far); overdue, when
-- the school holds it; waiting on others, since due_date, when somebody else does; not
-- recorded, when the day has passed and no record of its kind tells either way.
-- is_late is whether it was done, or is booked, after its last day; null otherwise.
-- Key: school_key, pupil_key, rule, started_on.
-- Category: duty.
with limits as (
    select
        today.school_key,
        rules.rule,
        coalesce(school_ends.calendar_date, working_ends.calendar_date) as soon_until
    from int_day as today
    cross join ref_deadline as rules
    left join int_day as school_ends
        on
            today.school_key = school_ends.school_key
            and school_ends.is_school_day
            and today.school_place + rules.soon_school_days = school_ends.school_place
    left join int_day as working_ends
        on
            today.school_key = working_ends.school_key
            and working_ends.is_working_day
            and today.working_place + rules.soon_school_days = working_ends.working_place
    where today.calendar_date = as_at()
),

subjects as (
    select
        rule,
        case
            when rule like 'PEP%' then 'PEP'
            when rule like 'RHA%' or rule = 'IHA' then 'health assessment'
            when rule = 'DENTAL_YEARLY' then 'dental check'
            when rule = 'EHC_AR_MEETING' then 'review of a plan'
        end as subject
    from ref_deadline
),

duties as (
    select
        duties.school_key,
        duties.pupil_key,
        duties.rule,
        duties.started_on,
        duties.due_date,
        duties.done_date,
        case when duties.done_date is null then bookings.booked_date end as booked_date,
        duties.missing,
        duties.is_unheard_of,
        limits.soon_until
    from int_duty as duties
    inner join limits
        on duties.school_key = limits.school_key and duties.rule = limits.rule
    inner join subjects on duties.rule = subjects.rule
    left join int_booking as bookings
        on
            duties.school_key = bookings.school_key
            and duties.pupil_key = bookings.pupil_key
            and subjects.subject = bookings.subject
)

select
    duties.school_key,
    duties.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    duties.rule,
    rules.name,
    rules.holder,
    rules.clock,
    duties.started_on,
    duties.due_date,
    duties.done_date,
    duties.booked_date,
    case
        when duties.done_date is not null then 'done'
        when duties.booked_date is not null then 'booked'
        when duties.due_date is null then 'cannot be known'
        when duties.due_date > duties.soon_until then 'later'
        when duties.due_date >= as_at() then 'due soon'
        when duties.is_unheard_of then 'not recorded'
        when rules.holder = 'school' then 'overdue'
        else 'waiting on others'
    end as status,
    coalesce(duties.done_date, duties.booked_date) > duties.due_date as is_late,
    case when duties.done_date is null then duties.missing end as missing,
    rules.is_verified
from duties
inner join ref_deadline as rules on duties.rule = rules.rule
inner join stg_pupil as pupils on duties.pupil_key = pupils.pupil_key
