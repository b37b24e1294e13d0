-- The working day that lies `days` working days after a day: Saturdays, Sundays and
-- England's bank holidays do not count, nor does the day itself.  A start on a Saturday
-- counts from the Monday.
create macro working_day_after(day, days) as (
    (
        select list(later.day_after order by later.day_after)
        from (
            select
                unnest(
                    generate_series(day + 1, day + 2 * days + 21, interval 1 day)
                )::date as day_after
        ) as later
        where
            isodow(later.day_after) < 6
            and later.day_after not in (
                select holidays.holiday from ref_bank_holiday as holidays
            )
    )[days]
);
