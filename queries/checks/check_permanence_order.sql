-- A decision or an order dated before the one that should come first. Either a date is
-- wrong, or the row is about another child.
--
-- A row is not listed if the earlier decision or order is not recorded.
-- Key: pupil_key, event, event_date.
-- Category: plans.
select
    steps.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    orders.event,
    steps.permanence_date as event_date,
    orders.follows,
    min(earlier.permanence_date) as follows_date
from stg_permanence as steps
inner join ref_step_order as orders
    on orders.file = 'permanence.csv' and steps.event = orders.event
inner join stg_permanence as earlier
    on steps.pupil_key = earlier.pupil_key and orders.follows = earlier.event
inner join stg_pupil as pupils on steps.pupil_key = pupils.pupil_key
group by
    steps.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    orders.event,
    steps.permanence_date,
    orders.follows
having min(earlier.permanence_date) > steps.permanence_date
