-- The last day of a duty whose time is counted by the calendar: `amount` of `unit` after
-- a day. It is null for units of another calendar. A month after the 31st ends on the
-- month's last day, and 12 months after 29 February on 28 February.
create macro calendar_due_date(day, amount, unit) as (
    case unit
        when 'calendar days' then day + amount
        when 'weeks' then day + 7 * amount
        when 'months' then add_months(day, amount)
        when '15 February' then make_date(academic_year_start(day) + 1, 2, 15)
        when '31 March' then make_date(year(day) + (month(day) > 3)::integer, 3, 31)
    end
);
