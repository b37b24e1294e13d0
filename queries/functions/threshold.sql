-- The value of a threshold on a day, from ref_threshold; null if none held then. `rule`
-- and `day` are the macro's own, which the linter mistakes for columns.
create macro threshold(rule, day) as (
    (
        select max(rules.value)
        from ref_threshold as rules
        where
            rules.name = rule -- noqa: RF03
            and is_in_period(day, rules.valid_from, rules.valid_to) -- noqa: RF03
    )
);
