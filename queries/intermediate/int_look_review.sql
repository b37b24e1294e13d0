-- Records that are still open after their review date: notes of concern, help in place,
-- part-time timetables and other provision. Notes and help are over on the day on which
-- they were closed or ended, provision after its last day.
-- Key: pupil_key, rule.
with open_record as (
    select
        pupil_key,
        'concern_follow_up' as rule,
        follow_up_date as review_date
    from stg_concern
    where is_in_period(as_at(), concern_date, closed_date)
    union all
    select
        pupil_key,
        'intervention_review' as rule,
        review_date
    from stg_intervention
    where is_in_period(as_at(), intervention_date, end_date)
    union all
    select
        pupil_key,
        'timetable_review' as rule,
        review_date
    from stg_provision
    where as_at() between provision_date and coalesce(end_date, 'infinity'::date)
)

select
    pupil_key,
    rule,
    count(*)::integer as figure
from open_record
where review_date < as_at()
group by pupil_key, rule
