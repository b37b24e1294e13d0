-- The school days of a suspension of so many half days: half a day counts as one.
create macro suspension_days(sessions) as ((sessions + 1) // 2);
