-- Two sources disagree about a child's care, and both are kept.
--
-- The sources may name different authorities for the same days, or different end
-- dates. An order may have ended care earlier than the care file says.
-- If a file disagrees with what staff typed in, what they typed is used.
-- Each row names the sources, the dates when they were loaded, and who to ring.
-- The date is the first day on which the sources disagree.
-- Key: pupil_key, about, event_date.
-- Category: care.
with periods as (
    select
        episodes.pupil_key,
        episodes.status,
        episodes.counts_from,
        coalesce(episodes.end_date, 'infinity'::date) as end_date,
        episodes.authority,
        concat_ws(
            ', ', coalesce(sources.file_name, 'typed'), loads.loaded_at::date::varchar
        ) as origin
    from stg_care_episode as episodes
    left join stg_source as sources on episodes.source_id = sources.source_id
    left join stg_load as loads on episodes.load_id = loads.load_id
    where episodes.status = 'looked after'
),

conflicts as (
    select
        earlier.pupil_key,
        'authority' as about,
        later.counts_from as event_date,
        concat(earlier.authority, ' (', earlier.origin, ')') as one_says,
        concat(later.authority, ' (', later.origin, ')') as other_says
    from periods as earlier
    inner join periods as later
        on
            earlier.pupil_key = later.pupil_key
            and earlier.counts_from <= later.counts_from
            and earlier.end_date > later.counts_from
            and earlier.authority <> later.authority
            and (
                earlier.counts_from < later.counts_from
                or earlier.authority < later.authority
            )
    where later.counts_from <= as_at()
    union all by name
    select
        periods.pupil_key,
        'end of care' as about,
        orders.permanence_date as event_date,
        concat('looked after (', periods.origin, ')') as one_says,
        concat(events.label, ' (permanence.csv)') as other_says
    from periods
    inner join stg_permanence as orders
        on
            periods.pupil_key = orders.pupil_key
            and periods.counts_from < orders.permanence_date
            and periods.end_date > orders.permanence_date
    inner join ref_permanence_event as events
        on orders.event = events.code and events.is_order
    where orders.permanence_date <= as_at()
    union all by name
    select
        pupil_key,
        'typed and file' as about,
        counts_from as event_date,
        concat_ws(
            ', ',
            status,
            authority,
            coalesce('until ' || end_date::varchar, 'no end'),
            'typed'
        ) as one_says,
        concat_ws(
            ', ',
            status,
            other_authority,
            coalesce('until ' || other_end_date::varchar, 'no end'),
            'care_episodes.csv'
        ) as other_says
    from stg_care_episode
    where
        other_source_id is not null
        and (
            end_date is distinct from other_end_date
            or authority is distinct from other_authority
        )
        and counts_from <= as_at()
)

select
    conflicts.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    conflicts.about,
    conflicts.event_date,
    min(conflicts.one_says) as one_says,
    max(conflicts.other_says) as other_says,
    'Local authority' as ask
from conflicts
inner join stg_pupil as pupils on conflicts.pupil_key = pupils.pupil_key
group by
    conflicts.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    conflicts.about,
    conflicts.event_date
