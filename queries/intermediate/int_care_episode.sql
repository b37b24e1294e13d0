-- An episode of care or of another status, with the words of its home and legal status.
-- Short breaks (V3, V4) are left out: nobody is looked after by one, as in the national
-- figures.
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
