-- The last day of a duty whose clock started on a day: `amount` of `unit` later, by the
-- calendar that the unit names.
create macro due_date(school, day, amount, unit) as (
    case unit
        when 'working days' then working_day_after(day, amount)
        when 'school days' then school_day_after(school, day, amount)
        else calendar_due_date(day, amount, unit)
    end
);
