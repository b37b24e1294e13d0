-- A child protection step dated before the one that should come first. Either a date is
-- wrong, or the row is about another child.
--
-- A row is not listed if the earlier step is not recorded.
-- Key: pupil_key, event, event_date.
-- Category: child_protection.
select
    steps.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    orders.event,
    steps.protection_date as event_date,
    orders.follows,
    min(earlier.protection_date) as follows_date
from stg_protection as steps
inner join ref_step_order as orders
    on orders.file = 'protection.csv' and steps.event = orders.event
inner join stg_protection as earlier
    on steps.pupil_key = earlier.pupil_key and orders.follows = earlier.event
inner join stg_pupil as pupils on steps.pupil_key = pupils.pupil_key
group by
    steps.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    orders.event,
    steps.protection_date,
    orders.follows
having min(earlier.protection_date) > steps.protection_date
