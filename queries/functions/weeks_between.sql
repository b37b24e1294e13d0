-- Whole weeks of seven days from one day to another.
create macro weeks_between(first_day, last_day) as ((last_day - first_day) // 7);
