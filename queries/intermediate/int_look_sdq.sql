-- The rise of an SDQ score of the last school days of the rule over the one before by the
-- same informant. The score must be in the upper band and the one before not, and the
-- rise must be too large for chance alone. base is the score before. If several
-- informants' scores rose, the largest rise counts.
-- Key: pupil_key, rule.
with forms as (
    select
        school_key,
        pupil_key,
        informant,
        sdq_date,
        total,
        lag(total) over (
            partition by pupil_key, informant
            order by sdq_date
        ) as earlier
    from stg_sdq
    where total is not null and sdq_date <= as_at()
)

select
    forms.pupil_key,
    rules.rule,
    (forms.total - forms.earlier)::integer as figure,
    forms.earlier::integer as base,
    forms.informant::varchar as informant
from forms
inner join ref_look as rules on rules.rule = 'sdq_rise'
inner join int_recent_day as recent
    on
        forms.school_key = recent.school_key
        and rules."window" >= recent.days_ago
        and forms.sdq_date >= recent.school_day
inner join ref_sdq_band as bands
    on
        forms.informant = bands.informant
        and bands.scale = 'total'
        and bands.band = 'upper'
        and forms.total >= bands.lowest
        and forms.earlier < bands.lowest
where
    forms.total - forms.earlier
    >= threshold('sdq_chance_' || forms.informant, as_at())
qualify
    row_number() over (
        partition by forms.pupil_key
        order by figure desc, forms.informant asc, forms.sdq_date desc
    ) = 1
