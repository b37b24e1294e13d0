-- What a child has said, in the child's own words. A line that the child asked to have
-- removed is not shown.
--
-- One row for each line that the child had said by the date you chose. A line that was
-- removed is not shown for earlier dates either.
-- Key: pupil_key, words_date, line.
-- Category: care.
-- Page: In the child's own words.
select
    words.pupil_key,
    pupils.school_key,
    pupils.pupil_id,
    pupils.handle,
    words.words_date,
    words.setting::varchar as setting,
    words.line
from stg_words as words
inner join stg_pupil as pupils on words.pupil_key = pupils.pupil_key
where words.words_date <= as_at()
