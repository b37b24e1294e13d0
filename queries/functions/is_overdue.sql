-- Whether a step of `duty` is overdue on a day for whoever must act: its last day has
-- gone by and it is not done, whether or not it has been booked for a later day.
create macro is_overdue(status, due_date, day) as (
    status in ('overdue', 'waiting on others', 'booked late')
    and due_date < day
);
