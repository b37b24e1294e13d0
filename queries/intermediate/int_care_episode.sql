-- An episode of care or of another status, with the words for its home and legal status.
-- Short breaks (V3, V4) are left out: a child in one is not looked after, as in the
-- national figures. An order by which a child leaves care for good begins an episode of
-- having been looked after on its day, unless the care file has one that begins then.
-- Key: pupil_key, status, counts_from.
select
    episodes.pupil_key,
    episodes.status,
    episodes.counts_from,
    episodes.is_start_known,
    episodes.end_date,
    episodes.authority,
    episodes.home,
    homes.label as home_kind,
    legal.label as legal_status
from stg_care_episode as episodes
left join ref_home_kind as homes on episodes.home = homes.code
left join ref_legal_status as legal on episodes.legal_status = legal.code
where not coalesce(legal.is_short_break, false)
union all by name
select distinct
    orders.pupil_key,
    'previously looked after' as status,
    orders.permanence_date as counts_from,
    true as is_start_known
from stg_permanence as orders
inner join ref_permanence_event as events
    on orders.event = events.code and events.is_order
left join stg_care_episode as recorded
    on
        orders.pupil_key = recorded.pupil_key
        and recorded.status = 'previously looked after'
        and orders.permanence_date = recorded.counts_from
where recorded.pupil_key is null
