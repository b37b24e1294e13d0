-- The school days that a suspension of so many half days takes: half a day is one.
create macro suspension_days(sessions) as ((sessions + 1) // 2);
