-- A fault of a row of a file that was left out, until a later file speaks for the row.
-- column_name is null where the whole row cannot be read.  The two dates are the row's
-- own day, or the first and last day of its file where the row tells none.  pupil_key is
-- null where nobody can tell whose the row is, or for a child of no group.
-- Key: source_id, row_number, column_name.
select
    school_key,
    source_id,
    pupil_key,
    row_number,
    column_name,
    fault,
    first_date,
    last_date
from raw_left_out
