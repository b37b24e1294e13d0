"""Attendance: the marks of the register."""

from queries.contract.model.category import AUTHORITIES, Category, Retention, Rights, Table
from queries.contract.model.shape import UPN, Column, Export
from queries.contract.model.spelling import spell_half, spell_mark

ATTENDANCE = Export(
    name="attendance.csv",
    grain="One row for each child and session of the register.",
    key=("upn", "date", "session"),
    note="It may contain the whole school's register. Everyone is added up in weekly totals, "
    "and rows are kept only for children in scope.",
    columns=(
        UPN,
        Column(
            "date",
            "date",
            "The day.",
            stored_as="session_date",
            also_called=("attendance date", "session date", "day"),
        ),
        Column(
            "session",
            "code",
            "Morning or afternoon.",
            allowed=("AM", "PM"),
            stored_as="half",
            spell=spell_half,
            also_called=("session name", "am/pm"),
        ),
        Column(
            "code",
            "code",
            "Attendance code; blank where no mark was made.",
            required=False,
            must_be_named=True,
            code_list="attendance_code",
            sql_type="mark_code",
            spell=spell_mark,
            also_called=("mark", "attendance mark", "attendance code", "register mark"),
        ),
    ),
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
