-- The school_key under which int_day has the days of a unit: a school's own for school
-- days, 0 for working days, and null for every other unit.
create macro calendar_key(school_key, unit) as (
    case unit when 'school days' then school_key when 'working days' then 0 end
);
