-- The last day of a duty whose clock started on a day: `amount` of `unit` later.  Weeks
-- and months are of the calendar: a month after the 31st ends on the month's last day,
-- 12 months after 29 February on 28 February.
create macro due_date(school, day, amount, unit) as (
    case unit
        when 'working days' then working_day_after(day, amount)
        when 'school days' then school_day_after(school, day, amount)
        when 'calendar days' then day + amount
        when 'weeks' then day + 7 * amount
        when 'months' then (day + to_months(amount))::date
        when '15 February' then make_date(academic_year_start(day) + 1, 2, 15)
    end
);
