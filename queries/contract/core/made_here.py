"""What is made here: what staff did about a child, and what a family asked not to be done.

No file brings it; people type it (see `intake.publish`), but for the rows of files that
were left out.
"""

from queries.contract.model.categories import build_category
from queries.contract.model.category import Table

_LEFT_OUT = "A row while it is in force."

ACTIONS = build_category(
    "what staff did",
    table=Table(
        "raw_action",
        key=("pupil_key", "action_id", "rule"),
        day="action_date",
        made={
            "action_id": "varchar",
            "action_date": "date",
            "kind": "varchar",
            "line": "varchar null",
            "actor": "varchar",
            "logged_at": "timestamp",
            "follow_up_date": "date null",
            "corrects": "varchar null",
            "rule": "varchar null",
            "figure": "integer null",
        },
        staged={"rule": "coalesce(rule, 'no rule')"},
        note="What somebody logged as done about a child, once for each rule that listed the child "
        "then, with the figure that it showed; 'no rule', and no figure, where none did. corrects "
        "is the action_id of the one that it stands in for.",
    ),
)
RESTRICTIONS = build_category(
    "restriction",
    table=Table(
        "raw_restriction",
        key=("pupil_key",),
        made={"since_date": "date"},
        note=f"Children left out of everything but what the safeguarding lead sees. {_LEFT_OUT}",
    ),
)
OBJECTIONS = build_category(
    "objection",
    table=Table(
        "raw_objection",
        key=("pupil_key",),
        made={"since_date": "date"},
        note=f"Children left out of what does not serve their own support. {_LEFT_OUT}",
    ),
)
FLAGGED_ROWS = build_category(
    "rows with a fault or a doubt",
    table=Table(
        "raw_flagged_row",
        key=("source_id", "row_number", "column_name", "fault"),
        day="last_date",
        may_lack_pupil=True,
        made={
            "row_number": "integer",
            "column_name": "varchar null",
            "fault": "varchar",
            "is_left_out": "boolean",
            "first_date": "date null",
            "last_date": "date null",
        },
        note="What was said of rows of a file, until a later one speaks for them: a fault, for "
        "which a row was left out, or a doubt, with which it was taken; column_name is null where "
        "the whole row cannot be read; the two dates are the row's own, or the first and last of "
        "its file where it tells none; pupil_key is null where nobody can tell whose it is, or for "
        "a child of no group.",
    ),
)
