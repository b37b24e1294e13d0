-- One row a file and load: what was read, kept and refused, and the dates it covers.
-- rows_out_of_scope are rows of other children, of whom nothing was written; blank marks
-- are neither kept nor out of scope.  A refused file kept the rows of the load before.
-- Key: school_key, source_id.
-- Null: first_date, last_date.
-- Category: load.
-- Short: What came of each file that was brought in: rows read, kept and left out.
-- Short: All that was read is kept, left out by a rule, or refused.
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
