-- The care file and the recorded steps disagree on whether a child has a child protection
-- plan. Ring the local authority.
--
-- Children on roll on the date you chose are checked, if both sources say something about
-- a plan.
-- Key: pupil_key.
-- Category: child_protection.
-- Null: plan_since.
with by_file as (
    select
        pupil_key,
        bool_or(is_in_period(as_at(), counts_from, end_date)) as is_on_plan
    from stg_care_episode
    where status = 'on a protection plan' and counts_from <= as_at()
    group by pupil_key
)

select
    cases.pupil_key,
    cases.pupil_id,
    cases.handle,
    by_file.is_on_plan as is_on_plan_by_file,
    cases.plan_since
from protection_case as cases
inner join by_file on cases.pupil_key = by_file.pupil_key
where cases.plans > 0 and by_file.is_on_plan <> (cases.plan_since is not null)
