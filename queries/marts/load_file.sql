-- What happened to each file that was brought in: rows read, kept and left out. Every row
-- that was read is kept, left out by a rule, or refused.
--
-- One row for each file and load, with the dates that the file covers.
-- Rows about other children are counted as out of scope, and are not kept. Blank marks
-- are counted separately.
-- If a file was refused, the rows of the earlier load stay in use.
-- Key: school_key, source_id.
-- Null: first_date, last_date.
-- Category: load.
select
    files.school_key,
    files.source_id,
    files.load_id,
    loads.loaded_at,
    files.file_name,
    files.is_refused,
    files.problem_count,
    files.rows_read,
    files.rows_kept,
    files.rows_out_of_scope,
    files.blank_marks,
    files.first_date,
    files.last_date
from stg_source as files
inner join stg_load as loads on files.load_id = loads.load_id
