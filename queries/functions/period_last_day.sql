-- The last day of a time of the calendar, `amount` of `unit`, that starts after `day`, or
-- with it if is_first_day_counted. Then it is the later of the two ways to count: a year
-- that begins on 1 March may end on 29 February, and one that begins on 29 February ends
-- on the 28th.
create macro period_last_day(day, amount, unit, is_first_day_counted) as (
    greatest(
        calendar_due_date(day - is_first_day_counted::integer, amount, unit),
        calendar_due_date(day, amount, unit) - is_first_day_counted::integer
    )
);
