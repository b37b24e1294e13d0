-- The sessions of so many school days: a morning and an afternoon for each.
create macro sessions_of_days(days) as (days * 2);
