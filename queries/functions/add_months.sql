-- The day that is so many months after another; in a shorter month, its last day.
create macro add_months(day, amount) as ((day + to_months(amount))::date);
