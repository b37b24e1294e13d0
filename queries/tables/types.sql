-- The types that the tables share, from the registry (queries.contract.generate). ENUMs
-- keep a mark in one byte and refuse a word that no list knows. `mark_code` is made
-- from the rows of queries/reference, so that a new code is a new row.
create type calendar_day_kind as enum(
    'school day', 'INSET', 'holiday', 'closed'
);
create type enrolment_sex as enum(
    'F', 'M', 'U'
);
create type enrolment_sen_provision as enum(
    'N', 'K', 'E'
);
create type care_episode_status as enum(
    'looked after', 'previously looked after', 'in need', 'on a protection plan'
);
create type mark_half as enum(
    'AM', 'PM'
);
create type sdq_informant as enum(
    'carer', 'teacher', 'self'
);
create type health_kind as enum(
    'initial assessment', 'review assessment', 'dental check', 'immunisations',
    'optician'
);
create type health_outcome as enum(
    'done', 'booked', 'not done'
);
create type pep_outcome as enum(
    'held', 'booked'
);
create type concern_level as enum(
    'note', 'concern', 'urgent'
);
create type concern_raised_by as enum(
    'teacher', 'teaching assistant', 'lunchtime staff', 'office', 'pastoral staff',
    'safeguarding lead', 'headteacher', 'parent or carer', 'the child',
    'another agency', 'somebody else'
);
create type concern_done as enum(
    'kept under watch', 'spoke with the child', 'called the carer', 'met the family',
    'told the social worker', 'referred', 'something else'
);
create type review_outcome as enum(
    'held', 'booked'
);
create type care_change_kind as enum(
    'social worker', 'school'
);
create type missing_interview as enum(
    'held', 'offered and not wanted', 'not offered'
);
create type assessment_subject as enum(
    'reading', 'writing', 'maths', 'science'
);
create type intervention_helped as enum(
    'yes', 'partly', 'no'
);
create type provision_kind as enum(
    'part-time timetable', 'alternative provision'
);
create type provision_agreed_by as enum(
    'parent or carer', 'social worker', 'Virtual School',
    'parent or carer and social worker', 'nobody yet'
);
create type words_setting as enum(
    'PEP', 'review of care', 'conversation'
);
create type development_outcome as enum(
    'up to date', 'not up to date'
);
create type offending_kind as enum(
    'conviction', 'youth caution', 'youth conditional caution'
);
create type choice_given_by as enum(
    'parent', 'carer', 'the child', 'authority'
);
create type mark_kind as enum(
    'present', 'late', 'educated elsewhere', 'authorised absence',
    'unauthorised absence', 'not possible', 'closed', 'not recorded'
);
create type age_band as enum('under 5', '5 to 9', '10 and over');
