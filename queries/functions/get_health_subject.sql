-- The duty that a kind of health record does: initial and review assessments do the same.
create macro get_health_subject(kind) as (
    case
        when kind in ('initial assessment', 'review assessment')
            then 'health assessment'
        else kind::varchar
    end
);
