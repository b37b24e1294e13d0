-- The day whose picture is asked for.  An unset variable would empty every view in
-- silence, so it is an error; this `case` is folded into the plan like a constant.
create macro as_at() as (
    case
        when getvariable('as_at') is null then error('as_at is not set')::date
        else getvariable('as_at')::date
    end
);
