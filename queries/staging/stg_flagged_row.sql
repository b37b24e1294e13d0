-- Something that was said of a row of a file, until a later file speaks for the row: a
-- fault, for which it was left out, or a doubt, with which it was taken.
-- column_name is null where the whole row cannot be read.  The two dates are the row's
-- own day, or the first and last day of its file where the row tells none.  pupil_key is
-- null where nobody can tell whose the row is, or for a child of no group.
-- Key: source_id, row_number, column_name, fault.
select
    school_key,
    source_id,
    pupil_key,
    row_number,
    column_name,
    fault,
    is_left_out,
    first_date,
    last_date
from raw_flagged_row
