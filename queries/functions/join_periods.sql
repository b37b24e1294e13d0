-- The stretches without a break in a relation's periods [counts_from, end_date), by child
-- and label: periods that meet or overlap are one. is_start_known is that of the first
-- period; if two start on one day, a known start counts. A null end_date is open.
create macro join_periods(periods) as table (
    with with_end_so_far as (
        select
            pupil_key,
            label,
            counts_from,
            is_start_known,
            coalesce(end_date, 'infinity'::date) as end_date,
            max(coalesce(end_date, 'infinity'::date)) over (
                partition by pupil_key, label
                order by counts_from, end_date
                rows between unbounded preceding and 1 preceding
            ) as end_so_far
        from query_table(periods)
    ),

    numbered as (
        select
            pupil_key,
            label,
            counts_from,
            is_start_known,
            end_date,
            count(
                case when counts_from > coalesce(end_so_far, '-infinity'::date) then 1 end
            ) over (
                partition by pupil_key, label
                order by counts_from, end_date
            ) as stretch
        from with_end_so_far
    )

    select
        pupil_key,
        label,
        min(counts_from) as counts_from,
        arg_min(is_start_known, (counts_from, not is_start_known)) as is_start_known,
        nullif(max(end_date), 'infinity'::date) as end_date
    from numbered
    group by pupil_key, label, stretch
);
