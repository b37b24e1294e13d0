"""Attendance: the marks of the register."""

from queries.contract.model.category import AUTHORITIES, Category, Retention, Rights, Table
from queries.contract.model.columns import list_columns
from queries.contract.model.shape import UPN, Export

ATTENDANCE = Export(
    name="attendance.csv",
    grain="One row for each child and session of the register.",
    key=("upn", "date", "session"),
    note="May hold the whole school's register: everybody is summed to weekly totals, "
    "and rows are kept for children in scope only.",
    columns=(UPN, *list_columns("attendance.csv")),
)

CATEGORY = Category(
    is_off_at_first=None,
    name="attendance",
    role_category="attendance",
    export=ATTENDANCE,
    table=Table("raw_mark", no_row_if_blank="code"),
    rights=Rights(
        "required",
        "when you were in school and when you were away",
        "School Attendance (Pupil Registration) (England) Regulations 2024",
    ),
    retention=Retention(
        "attendance",
        "Second copy: the school's register is kept in its own system (6 years from each entry)",
    ),
    shared_with=("DfE", *AUTHORITIES, "other school"),
)
