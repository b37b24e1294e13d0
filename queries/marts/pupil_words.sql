-- One row a line in a child's own words by the day asked for.  One that the child has
-- had taken out is not there on any day.
-- Key: pupil_key, words_date, line.
-- Category: care.
-- Short: What a child has said, in the child's own words.
-- Short: A line that the child took out is gone.
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
