-- What happened to each file that was brought in. Every row that was read is taken, about
-- a child who is not shown here, left out for a fault or by a rule, or refused.
--
-- One row for each file and load, with the dates that the file covers, and one for each
-- table of a national file. A row without a mark is left out. Of a register with days as
-- columns, marks are counted instead of rows.
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
    files.rows_taken,
    files.rows_not_shown,
    files.rows_left_out,
    files.rows_refused,
    files.first_date,
    files.last_date
from stg_source as files
inner join stg_load as loads on files.load_id = loads.load_id
