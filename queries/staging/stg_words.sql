-- One row for each line in a child's own words that the child has not had taken out. If
-- rows are about the same line, the newest source counts; entries that people typed are
-- the newest.
-- Key: pupil_key, words_date, line.
with newest as (
    select
        school_key,
        pupil_key,
        words_date,
        setting,
        line,
        taken_out_date
    from raw_words
    qualify
        row_number() over (
            partition by pupil_key, words_date, line
            order by source_id desc
        ) = 1
)

select
    school_key,
    pupil_key,
    words_date,
    setting,
    line
from newest
where taken_out_date is null
