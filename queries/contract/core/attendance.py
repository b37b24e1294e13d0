"""Attendance: the marks of the register."""

from queries.contract.model.categories import build_category
from queries.contract.model.category import Table
from queries.contract.model.shape import Export

ATTENDANCE = Export(
    name="attendance.csv",
    grain="One row for each child and session of the register.",
    key=("upn", "date", "session"),
    note=(
        "The file may contain the whole school's register. Every child's marks count in the weekly "
        "totals, but single marks are kept only for children in one of the groups."
    ),
)

CATEGORY = build_category("attendance", ATTENDANCE, Table("raw_mark", no_row_if_blank="code"))
