-- The value of a threshold on a day, from ref_threshold; null if none held then.
create macro threshold(rule, day) as (
    (
        select rules.value
        from ref_threshold as rules
        where
            rules.name = rule
            and day >= coalesce(rules.valid_from, '-infinity'::date)
            and day < coalesce(rules.valid_to, 'infinity'::date)
    )
);
