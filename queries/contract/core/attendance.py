"""Attendance: the marks of the register."""

from queries.contract.model.categories import build_category
from queries.contract.model.category import Table
from queries.contract.model.shape import Export

ATTENDANCE = Export(
    name="attendance.csv",
    grain="One row for each child and session of the register.",
    key=("upn", "date", "session"),
    note="May hold the whole school's register: everybody is summed to weekly totals, "
    "and rows are kept for children in scope only.",
)

CATEGORY = build_category("attendance", ATTENDANCE, Table("raw_mark", no_row_if_blank="code"))
