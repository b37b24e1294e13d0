-- The reviews of a child who is looked after and on roll on the day asked for, the day on
-- which care began, if it is known, and the days on which the child was placed for
-- adoption. The first review since then counts as the very first, or as the first after
-- that placement, only if the school would know of an earlier one: if its last day was
-- not before counts_if_due_from. That is the later of the child's entry and the September
-- before the school's first record of a review.
-- Key: pupil_key, event, step_date.
-- Null: counts_if_due_from.
with recorded as (
    select
        schools.school_key,
        least(
            min(reviews.review_date), first_of_september(min(reviews.review_date))
        ) as first_date
    from stg_school as schools
    left join stg_review as reviews
        on
            schools.school_key = reviews.school_key
            and reviews.outcome = 'held'
            and reviews.review_date <= as_at()
    group by schools.school_key
),

cared as (
    select
        in_care.school_key,
        in_care.pupil_key,
        in_care.counts_from,
        in_care.is_start_known,
        greatest(in_care.entry_date, recorded.first_date) as counts_if_due_from,
        recorded.first_date is null as has_no_record,
        in_care.is_start_known
        and ends.calendar_date
        >= greatest(in_care.entry_date, recorded.first_date) as knows_the_first
    from int_in_care as in_care
    inner join recorded on in_care.school_key = recorded.school_key
    inner join ref_deadline as rules on rules.rule = 'LAC_REVIEW_1'
    asof left join int_day as begun
        on
            calendar_key(in_care.school_key, rules.unit) = begun.school_key
            and in_care.counts_from >= begun.calendar_date
    left join int_day as ends
        on
            begun.school_key = ends.school_key
            and begun.day_number + rules.amount = ends.day_number
),

placed as (
    select
        cared.pupil_key,
        orders.permanence_date as placed_date,
        cared.has_no_record
    from cared
    inner join stg_permanence as orders
        on
            cared.pupil_key = orders.pupil_key
            and orders.event = 'placed for adoption'
            and orders.permanence_date between cared.counts_from and as_at()
    inner join ref_deadline as rules on rules.rule = 'ADOPTION_REVIEW_1'
    where
        calendar_due_date(orders.permanence_date, rules.amount, rules.unit)
        >= cared.counts_if_due_from
),

held as (
    select
        cared.pupil_key,
        reviews.review_date,
        cared.knows_the_first
        and row_number() over (
            partition by cared.pupil_key
            order by reviews.review_date
        ) = 1 as is_first,
        placed.placed_date > lag(reviews.review_date, 1, '-infinity'::date) over (
            partition by cared.pupil_key
            order by reviews.review_date
        ) as is_after_placement
    from cared
    inner join stg_review as reviews
        on
            cared.pupil_key = reviews.pupil_key
            and reviews.outcome = 'held'
            and reviews.review_date between cared.counts_from and as_at()
    asof left join placed
        on
            cared.pupil_key = placed.pupil_key
            and reviews.review_date >= placed.placed_date
)

select
    pupil_key,
    'care began' as event,
    counts_from as step_date,
    counts_if_due_from,
    has_no_record
from cared
where is_start_known
union all by name
select
    pupil_key,
    'placed for adoption' as event,
    placed_date as step_date,
    has_no_record
from placed
union all by name
select
    pupil_key,
    case
        when is_after_placement then 'review after placement'
        when is_first then 'first review'
        else 'review of care'
    end as event,
    review_date as step_date,
    false as has_no_record
from held
