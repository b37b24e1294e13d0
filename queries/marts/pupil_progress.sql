-- How many steps a child has made in a subject since the first assessment. The progress
-- of the class over the same time is shown for comparison.
--
-- One row for each child and subject with a teacher assessment up to the date you chose.
-- The first recorded assessment and the latest are shown, with the step that most of the
-- class had reached on each day.
-- The progress of the class is blank unless its step was recorded on both days.
-- A child with a single assessment has made no steps yet.
-- Key: pupil_key, subject.
-- Null: start_class_step, newest_class_step, class_steps.
-- Category: learning.
with gathered as (
    select
        pupil_key,
        subject,
        count(*) as assessments,
        min(assessment_date) as start_date,
        arg_min(step, assessment_date) as start_step,
        arg_min_null(class_step, assessment_date) as start_class_step,
        max(assessment_date) as newest_date,
        arg_max(step, assessment_date) as newest_step,
        arg_max_null(class_step, assessment_date) as newest_class_step
    from stg_assessment
    where assessment_date <= as_at()
    group by pupil_key, subject
)

select
    gathered.pupil_key,
    pupils.school_key,
    pupils.pupil_id,
    pupils.handle,
    gathered.subject::varchar as subject,
    gathered.assessments::integer as assessments,
    gathered.start_date,
    gathered.start_step,
    gathered.start_class_step,
    gathered.newest_date,
    gathered.newest_step,
    gathered.newest_class_step,
    gathered.newest_step - gathered.start_step as steps,
    gathered.newest_class_step - gathered.start_class_step as class_steps
from gathered
inner join stg_pupil as pupils on gathered.pupil_key = pupils.pupil_key
