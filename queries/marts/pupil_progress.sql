-- One row a child and subject in which a teacher has assessed it by the day asked for:
-- its own start, which is the first assessment that is recorded, and the newest, each
-- with the step of most of the class on that day.  steps: the child's since its start;
-- class_steps: those of the class between the same days, null where either is not
-- recorded.  A child who was assessed once has made no steps yet: see assessments.
-- Key: pupil_key, subject.
-- Null: start_class_step, newest_class_step, class_steps.
-- Category: learning.
-- Short: How many steps a child has made in a subject since the first assessment.
-- Short: The steps of most of the class in the same time stand beside them.
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
