-- A child who is on roll and looked after on the day asked for, with the start of care
-- and the day from which the child was on roll, at this school or before at another of
-- this home. is_in_doubt means that a later order or care file says that the child was
-- looked after before, while this period goes on.
-- Key: pupil_key.
select
    on_roll.school_key,
    on_roll.pupil_key,
    periods.counts_from,
    periods.is_start_known,
    on_roll.known_from as entry_date,
    exists(
        select 1
        from int_care_period as ended
        where
            periods.pupil_key = ended.pupil_key
            and ended.status = 'previously looked after'
            and periods.counts_from < ended.counts_from
            and is_in_period(as_at(), ended.counts_from, ended.end_date)
    ) as is_in_doubt
from int_care_period as periods
inner join int_pupil_on_roll as on_roll on periods.pupil_key = on_roll.pupil_key
where
    periods.status = 'looked after'
    and is_in_period(as_at(), periods.counts_from, periods.end_date)
