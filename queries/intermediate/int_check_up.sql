-- A dated event that satisfies a yearly or half-yearly duty of a child in care: a health
-- assessment, a dental check, an SDQ scored by the carer.  rule is the one whose clock it
-- starts again: a health assessment's by the age band on its own row.  A record that it
-- was not done has is_done false.
-- Key: school_key, pupil_key, subject, event_date.
select
    school_key,
    pupil_key,
    'health assessment' as subject,
    health_date as event_date,
    bool_or(outcome = 'done') as is_done,
    case
        when arg_max(age_band, kind) filter (where outcome = 'done') = 'under 5'
            then 'RHA_U5'
        else 'RHA_5PLUS'
    end as rule,
    max(next_due) filter (where outcome = 'done') as next_due
from stg_health
where
    kind in ('initial assessment', 'review assessment')
    and outcome <> 'booked'
    and health_date <= as_at()
group by school_key, pupil_key, health_date
union all
select
    school_key,
    pupil_key,
    'dental check' as subject,
    health_date as event_date,
    outcome = 'done' as is_done,
    'DENTAL_YEARLY' as rule,
    next_due
from stg_health
where kind = 'dental check' and outcome <> 'booked' and health_date <= as_at()
union all
select
    school_key,
    pupil_key,
    'SDQ by the carer' as subject,
    sdq_date as event_date,
    total is not null as is_done,
    'SDQ_YEARLY' as rule,
    null::date as next_due
from stg_sdq
where informant = 'carer' and sdq_date <= as_at()
