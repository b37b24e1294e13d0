-- Whether a day is a Saturday or a Sunday.
create macro is_weekend(day) as (isodow(day) > 5);
