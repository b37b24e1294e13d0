-- Whether a break between two school days can be the Easter holidays: it begins after a
-- day from 15 March to spring_ends_by, and is longer than a week, so that a weekend or
-- the bank holidays alone do not count.
create macro may_be_easter_break(last_day, next_day) as (
    last_day >= make_date(year(last_day), 3, 15)
    and last_day <= spring_ends_by(last_day)
    and date_diff('day', last_day, next_day) > 7
);
