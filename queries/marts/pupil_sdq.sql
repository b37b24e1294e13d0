-- Each score of a child on the strengths and difficulties questionnaire (SDQ). A change
-- is the difference from the last score on the same kind of form: carer's, teacher's or
-- own.
--
-- One row for each questionnaire, with its scores or the reason why there are none.
-- The total is 0 to 40, and a higher total means more difficulties. The prosocial scale
-- is not part of the total.
-- The band is the lower, middle or upper one published for the same kind of form, with
-- its lowest and highest score. A band is not a diagnosis.
-- A change below zero means fewer difficulties. The first score has no change.
-- One of the carer's scores counts as the score of the year.
-- Key: pupil_key, sdq_date, informant.
-- Null: total, emotional, conduct, hyperactivity, peer, prosocial, impact, scheme.
-- Null: band, band_lowest, band_highest, previous_date, change, reason.
-- Category: wellbeing.
select
    scores.pupil_key,
    pupils.school_key,
    pupils.pupil_id,
    pupils.handle,
    scores.sdq_date,
    scores.informant::varchar as informant,
    scores.total,
    scores.emotional,
    scores.conduct,
    scores.hyperactivity,
    scores.peer,
    scores.prosocial,
    scores.impact,
    bands.scheme,
    bands.band,
    bands.lowest as band_lowest,
    bands.highest as band_highest,
    lag(case when scores.total is not null then scores.sdq_date end ignore nulls)
        over by_informant as previous_date,
    scores.total - lag(scores.total ignore nulls) over by_informant as change,
    reasons.label as reason,
    coalesce(
        scores.informant = 'carer' and yearly.sdq_date is not null, false
    ) as is_of_the_year
from stg_sdq as scores
inner join stg_pupil as pupils on scores.pupil_key = pupils.pupil_key
left join ref_sdq_band as bands
    on
        scores.informant = bands.informant
        and bands.scale = 'total'
        and bands.scheme = 'three bands'
        and scores.total between bands.lowest and bands.highest
left join ref_sdq_reason as reasons on scores.reason = reasons.code
left join int_yearly_sdq as yearly
    on
        scores.pupil_key = yearly.pupil_key
        and scores.sdq_date = yearly.sdq_date
where scores.sdq_date <= as_at()
window
    by_informant as (
        partition by scores.pupil_key, scores.informant
        order by scores.sdq_date
    )
