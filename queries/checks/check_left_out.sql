-- A row that was left out because of a fault. The rest of the file was loaded, and the
-- row does not count until it is corrected and loaded again.
-- Key: source_id, row_number, column_name.
-- Category: load.
select
    faults.source_id,
    faults.row_number,
    faults.column_name,
    faults.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    files.file_name,
    faults.fault,
    faults.first_date,
    faults.last_date
from stg_flagged_row as faults
inner join stg_source as files on faults.source_id = files.source_id
left join stg_pupil as pupils on faults.pupil_key = pupils.pupil_key
where faults.is_left_out
