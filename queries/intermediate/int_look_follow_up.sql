-- Days on which somebody was to look again at a child, up to the day asked for, while no
-- action about the child that stands is dated on one of them or after it.  figure counts
-- them; changed_on is the newest.
-- Key: pupil_key, rule.
with standing as (
    select
        pupil_key,
        action_date,
        follow_up_date
    from int_action
    where corrected_by is null and action_date <= as_at()
)

select
    agreed.pupil_key,
    'follow_up' as rule,
    count(distinct agreed.follow_up_date)::integer as figure,
    max(agreed.follow_up_date) as changed_on
from standing as agreed
anti join standing as done
    on
        agreed.pupil_key = done.pupil_key
        and agreed.follow_up_date <= done.action_date
where agreed.follow_up_date <= as_at()
group by agreed.pupil_key
