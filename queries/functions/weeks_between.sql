-- Whole weeks of seven days from one day to another.
create macro weeks_between(first_day, last_day) as (
    date_diff('day', first_day, last_day) // 7
);
