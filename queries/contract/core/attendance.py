"""Attendance: the marks of the register."""

from queries.contract.model.categories import build_category
from queries.contract.model.category import Table
from queries.contract.model.shape import Export

ATTENDANCE = Export(
    name="attendance.csv",
    grain="One row for each child and session of the register.",
    key=("upn", "date", "session"),
    note=(
        "It may contain the whole school's register. Everyone is added up in weekly totals, and "
        "rows are kept only for children in scope."
    ),
)

CATEGORY = build_category("attendance", ATTENDANCE, Table("raw_mark", no_row_if_blank="code"))
