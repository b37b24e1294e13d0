-- The types that the tables share, from the registry (intake.contract.generate). ENUMs
-- keep a mark in one byte and refuse a word that no list knows. `mark_code` is made
-- from the rows of queries/reference, so that a new code is a new row.
create type calendar_day_kind as enum(
    'school day', 'INSET', 'holiday', 'closed'
);
create type enrolment_sex as enum(
    'F', 'M', 'U'
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
create type mark_kind as enum(
    'present', 'late', 'educated elsewhere', 'authorised absence',
    'unauthorised absence', 'not possible', 'closed', 'not recorded'
);
create type age_band as enum('under 5', '5 to 9', '10 and over');
