-- The last session for which a school's register has any mark: later ones are not yet
-- there, which is not the same as not recorded.
-- Key: school_key.
select
    school_key,
    max(session_date) as session_date,
    arg_max(half, (session_date, half)) as half
from stg_mark
group by school_key
