-- A file that a load read: its dates, rows and faults. If a file was refused, the rows of
-- an earlier load stayed. Typed entries are not files.
-- Key: school_key, source_id.
select
    school_key,
    source_id,
    load_id,
    file_name,
    sender,
    is_refused,
    problem_count,
    rows_read,
    rows_taken,
    rows_not_shown,
    rows_left_out,
    rows_refused,
    first_date,
    last_date
from raw_source
where sender <> 'typed'
