-- The last full day of the register up to as_at(), as int_register_day has it; an error
-- if no day is set, as in as_at.
create macro register_day() as (
    case
        when getvariable('register_day') is null
            then error('register_day is not set')::date
        else getvariable('register_day')::date
    end
);
