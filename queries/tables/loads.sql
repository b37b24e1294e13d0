-- The records of intake's own work: each load, and each file that a load read. The raw_
-- tables for the content of the files follow from the registry (queries.contract.sql).
-- children is the number of children in a file, and for a roll those who were on it on
-- the last day of the marks. rows_read is the sum of the four columns after it; a
-- register by days counts marks.
create table raw_load (
    school_key integer not null,
    load_id integer not null,
    loaded_at timestamp not null,
    data_until date not null,
    lac_version varchar not null
);
create table raw_source (
    school_key integer not null,
    source_id integer not null,
    load_id integer not null,
    file_name varchar not null,
    sender varchar not null,
    sha256 varchar not null,
    is_refused boolean not null,
    problem_count integer not null,
    rows_read integer not null,
    rows_taken integer not null,
    rows_not_shown integer not null,
    rows_left_out integer not null,
    rows_refused integer not null,
    children integer,
    first_date date,
    last_date date
);
