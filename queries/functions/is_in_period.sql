-- Whether a day is in a period, [first_day, end_date); null leaves that side open.
create macro is_in_period(day, first_day, end_date) as (
    day >= coalesce(first_day, '-infinity'::date)
    and day < coalesce(end_date, 'infinity'::date)
);
