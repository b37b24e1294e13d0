-- The day that is asked for. An unset variable would silently empty every view, so it is
-- an error; this `case` becomes a constant in the plan.
create macro as_at() as (
    case
        when getvariable('as_at') is null then error('as_at is not set')::date
        else getvariable('as_at')::date
    end
);
