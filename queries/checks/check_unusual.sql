-- A row that looks unusual, but was loaded and is counted. The row leaves this list when
-- a file that no longer has the row is loaded.
-- Key: source_id, row_number, column_name, doubt.
-- Category: load.
select
    doubts.source_id,
    doubts.row_number,
    doubts.column_name,
    doubts.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    files.file_name,
    doubts.fault as doubt,
    doubts.first_date,
    doubts.last_date
from stg_flagged_row as doubts
inner join stg_source as files on doubts.source_id = files.source_id
left join stg_pupil as pupils on doubts.pupil_key = pupils.pupil_key
where not doubts.is_left_out
