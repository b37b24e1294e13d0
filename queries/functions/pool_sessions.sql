-- The sums of the six counts of sessions in some rows: `days` is the relation's own
-- alias, and unnest() makes columns of the result.
create macro pool_sessions(days) as (
    {
        'possible_sessions': sum(days.possible_sessions)::integer,
        'attended_sessions': sum(days.attended_sessions)::integer,
        'authorised_absent_sessions': sum(days.authorised_absent_sessions)::integer,
        'unauthorised_absent_sessions': sum(days.unauthorised_absent_sessions)::integer,
        'absent_sessions': sum(days.absent_sessions)::integer,
        'late_sessions': sum(days.late_sessions)::integer
    }
);
