-- How far the case of a child in need or on a child protection plan has got, by its
-- latest step. The number of referrals and of plans is shown too.
--
-- One row for each child on roll with a step recorded up to the date you chose.
-- Referrals are counted over the last {re_referral_months}. A re-referral is a referral
-- within {re_referral_months} of the one before.
-- The category of abuse is the latest one recorded for the current plan.
-- All the plans that the child has had are counted, so the second is a repeat plan.
-- The closing date and reason are filled in only if the case is closed.
-- Key: pupil_key.
-- Null: referred_date, is_re_referral, plan_since, abuse.
-- Null: last_review_date, last_core_group_date, booked_core_group_date, closed_date.
-- Null: closure_reason.
-- Category: child_protection.
with gathered as (
    select
        pupil_key,
        arg_max(stage, (protection_date, step)) as stage,
        max(protection_date) filter (where event = 'referral') as referred_date,
        max(protection_date) filter (where event = 'plan begun') as begun_date,
        max(protection_date) filter (where event = 'plan ended') as ended_date,
        count(*) filter (where event = 'plan begun') as plans,
        count(*) filter (
            where event = 'referral'
            and protection_date
            > add_months(
                as_at(), -threshold('re_referral_months', as_at())::integer
            )
        ) as referrals,
        max(protection_date) filter (
            where event = 'review conference'
        ) as last_review_date,
        max(protection_date) filter (where event = 'core group') as last_core_group_date,
        max(protection_date) filter (where event = 'case closed') as closed_date,
        arg_max_null(reason, protection_date) filter (
            where event = 'case closed'
        ) as reason,
        coalesce(begun_date > coalesce(ended_date, '-infinity'::date), false) as has_plan
    from int_protection_event
    group by pupil_key
),

earlier as (
    select
        cases.pupil_key,
        max(events.protection_date) as referred_date
    from gathered as cases
    inner join int_protection_event as events
        on
            cases.pupil_key = events.pupil_key
            and events.event = 'referral'
            and cases.referred_date > events.protection_date
    group by cases.pupil_key
),

categories as (
    select
        cases.pupil_key,
        arg_max(events.abuse, (events.protection_date, events.step)) as abuse
    from gathered as cases
    inner join int_protection_event as events
        on
            cases.pupil_key = events.pupil_key
            and cases.begun_date <= events.protection_date
            and events.abuse is not null
    group by cases.pupil_key
)

select
    cases.pupil_key,
    pupils.school_key,
    pupils.pupil_id,
    pupils.handle,
    cases.stage,
    cases.referred_date,
    cases.referrals::integer as referrals,
    case
        when cases.referred_date is not null
            then
                coalesce(
                    add_months(
                        earlier.referred_date,
                        threshold('re_referral_months', as_at())::integer
                    )
                    > cases.referred_date,
                    false
                )
    end as is_re_referral,
    case when cases.has_plan then cases.begun_date end as plan_since,
    case when cases.has_plan then abuses.label end as abuse,
    cases.plans::integer as plans,
    cases.last_review_date,
    cases.last_core_group_date,
    bookings.booked_date as booked_core_group_date,
    case when cases.stage = 'closed' then cases.closed_date end as closed_date,
    case when cases.stage = 'closed' then reasons.label end as closure_reason
from gathered as cases
inner join stg_pupil as pupils on cases.pupil_key = pupils.pupil_key
left join earlier on cases.pupil_key = earlier.pupil_key
left join categories on cases.pupil_key = categories.pupil_key
left join int_booking as bookings
    on cases.pupil_key = bookings.pupil_key and bookings.subject = 'core group'
left join ref_abuse_category as abuses on categories.abuse = abuses.code
left join ref_closure_reason as reasons on cases.reason = reasons.code
