-- The days that the calendars can have: from before any child at a primary school was
-- born to the last year whose bank holidays ref_bank_holiday lists.
create macro every_day() as (
    generate_series(
        make_date(2010, 1, 1), make_date(2040, 12, 31), interval 1 day
    )::date[]
);
