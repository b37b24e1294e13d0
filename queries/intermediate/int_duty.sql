-- Every dated duty of every child on roll, before its status.
-- Key: school_key, pupil_key, rule, started_on.
select
    school_key,
    pupil_key,
    rule,
    started_on,
    due_date,
    done_date,
    missing,
    is_unheard_of
from int_duty_pep
union all
select
    school_key,
    pupil_key,
    rule,
    started_on,
    due_date,
    done_date,
    missing,
    is_unheard_of
from int_duty_check_up
union all
select
    school_key,
    pupil_key,
    rule,
    started_on,
    due_date,
    done_date,
    missing,
    is_unheard_of
from int_duty_ehcp
union all
select
    school_key,
    pupil_key,
    rule,
    started_on,
    due_date,
    done_date,
    missing,
    is_unheard_of
from int_duty_register
