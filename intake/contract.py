"""The contract: what each export file holds, column by column.

Schools read it to make their exports, tools to write them, intake to check them.
Every value is text until it has been checked; nothing is guessed or repaired.
Dates are YYYY-MM-DD or DD/MM/YYYY, one form in a column.  Files are CSV in UTF-8, or
the sheets of one workbook, named as the files are without `.csv`.

`Column.code_list` names a list in `queries/reference/`, whose rows carry the source
and the dates between which a code may be used.
"""

from dataclasses import dataclass, field, replace
from typing import Literal

Kind = Literal["text", "date", "whole number", "UPN", "code"]

#: English authorities' numbers begin at 201, so these belong to nobody.
MADE_UP_AUTHORITIES = frozenset(f"{number:03d}" for number in range(1, 100))

#: What may stand in `care_episodes.csv` for a start that nobody knows.
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Column:
    """One column of an export: what may stand in it and what it means."""

    name: str
    kind: Kind
    meaning: str
    required: bool = True
    personal: bool = False
    allowed: tuple[str, ...] = ()
    code_list: str | None = None
    pattern: str | None = None
    example: str = ""
    also_allowed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Export:
    """One export file: its grain, its key and its columns in their order.

    `refuses_load` marks a file without which nothing can be loaded: when it has a
    fault, no file is taken.  Any other file is refused alone.
    """

    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    required: bool = False
    refuses_load: bool = False
    may_be_empty: bool = False
    note: str = ""
    #: Columns that tell one child from another under the same UPN.
    same_child: tuple[str, ...] = field(default=())

    @property
    def header(self) -> tuple[str, ...]:
        """The column names, in the order in which they must stand."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The column called `name`; KeyError if the export has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


#: A letter, then anything but figures and signs that no name has.
_PLAIN_NAME = r"[^\W\d_][^\d_<>=;|\\{}\[\]]{0,79}"

_UPN = Column(
    "upn",
    "UPN",
    "Unique pupil number: a check letter, then 12 digits, the last of them a letter "
    "while the number is temporary.",
    personal=True,
    example="A001999926001",
)

SCHOOL = Export(
    name="school.csv",
    grain="One row: the school itself.",
    key=("school_id",),
    required=True,
    columns=(
        Column(
            "school_id",
            "text",
            "The school's own number, such as authority and establishment.",
            pattern=r"[0-9A-Z]{3,10}",
            example="0019999",
        ),
        Column("name", "text", "The school's name.", pattern=r".{1,80}"),
        Column(
            "phase",
            "code",
            "The ages that the school teaches.",
            allowed=("infant", "junior", "primary", "secondary", "all-through", "special"),
        ),
    ),
)

CALENDAR = Export(
    name="calendar.csv",
    grain="One row a day, at least every weekday of the years that the marks cover.",
    key=("date",),
    required=True,
    columns=(
        Column("date", "date", "The day."),
        Column(
            "kind",
            "code",
            "school day: children are expected. INSET: staff only. holiday: weekends, "
            "school and bank holidays. closed: shut on a day that was planned as a "
            "school day.",
            allowed=("school day", "INSET", "holiday", "closed"),
        ),
    ),
)

ROLL = Export(
    name="roll.csv",
    grain="One row for each time a child joined: whoever was on roll on any day that "
    "the marks cover.",
    key=("upn", "entry_date"),
    required=True,
    refuses_load=True,
    same_child=("surname", "forename", "date_of_birth"),
    columns=(
        _UPN,
        Column("surname", "text", "Legal surname.", personal=True, pattern=_PLAIN_NAME),
        Column("forename", "text", "Legal first name.", personal=True, pattern=_PLAIN_NAME),
        Column(
            "preferred_forename",
            "text",
            "The name the child is called by, where it is another.",
            required=False,
            personal=True,
            pattern=_PLAIN_NAME,
        ),
        Column("date_of_birth", "date", "Date of birth.", personal=True),
        Column("sex", "code", "As recorded for the school census.", allowed=("F", "M", "U")),
        Column(
            "year_group",
            "code",
            "National Curriculum year: now, or on the last day on roll.",
            allowed=("R", *(str(year) for year in range(1, 14))),
        ),
        Column(
            "class", "text", "Class or form.", required=False, personal=True, pattern=r".{1,30}"
        ),
        Column("entry_date", "date", "First day on roll."),
        Column("leaving_date", "date", "Last day on roll; blank while on roll.", required=False),
        Column(
            "address", "text", "Home address.", required=False, personal=True, pattern=r".{1,200}"
        ),
        Column(
            "postcode",
            "text",
            "Home postcode.",
            required=False,
            personal=True,
            pattern=r"[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}",
        ),
    ),
)

CARE_EPISODES = Export(
    name="care_episodes.csv",
    grain="One row for each period of a status, split where the home or the legal status changed.",
    key=("upn", "status", "start", "known_since"),
    required=True,
    refuses_load=True,
    may_be_empty=True,
    note="Whoever has a row here is in scope. Periods of one status do not overlap, nor "
    "does in need overlap a protection plan.",
    columns=(
        _UPN,
        Column(
            "status",
            "code",
            "What the child was in this period.",
            allowed=(
                "looked after",
                "previously looked after",
                "in need",
                "on a protection plan",
            ),
        ),
        Column(
            "start",
            "date",
            "First day of the period, or the word unknown.",
            also_allowed=(UNKNOWN,),
        ),
        Column(
            "known_since",
            "date",
            "Where the start is unknown: the first day on which the school knew. Blank otherwise.",
            required=False,
        ),
        Column(
            "end",
            "date",
            "The first day on which the period no longer holds; blank while it does.",
            required=False,
        ),
        Column(
            "authority",
            "text",
            "Local authority that is responsible, by name; needed for looked after.",
            required=False,
            pattern=_PLAIN_NAME,
        ),
        Column(
            "legal_status",
            "code",
            "Legal status, for looked after, where known.",
            required=False,
            code_list="legal_status",
        ),
        Column(
            "home",
            "code",
            "Kind of home, for looked after, where known.",
            required=False,
            code_list="home_kind",
        ),
    ),
)

ATTENDANCE = Export(
    name="attendance.csv",
    grain="One row for each child and session of the register.",
    key=("upn", "date", "session"),
    note="May hold the whole school's register: everybody is summed to weekly totals, "
    "and rows are kept for children in scope only.",
    columns=(
        _UPN,
        Column("date", "date", "The day."),
        Column("session", "code", "Morning or afternoon.", allowed=("AM", "PM")),
        Column(
            "code",
            "code",
            "Attendance code; blank where no mark was made.",
            required=False,
            code_list="attendance_code",
        ),
    ),
)

WHOLE_SCHOOL_WEEKLY = Export(
    name="whole_school_weekly.csv",
    grain="One row a school week, for schools that cannot export the whole register.",
    key=("week_start",),
    note="Used for the weeks that attendance.csv does not hold for the whole school.",
    columns=(
        Column("week_start", "date", "The Monday of the week."),
        Column("possible_sessions", "whole number", "Sessions that all children could attend."),
        Column("authorised_absent_sessions", "whole number", "Of these, missed and authorised."),
        Column(
            "unauthorised_absent_sessions", "whole number", "Of these, missed and not authorised."
        ),
    ),
)

_SCALE_OF_TEN = "0 to 10. The five are all there or none is."

SDQ = Export(
    name="sdq.csv",
    grain="One row for each questionnaire that was scored, or why it was not.",
    key=("upn", "date", "informant"),
    note="Scores only: the form belongs to Youthinmind, so no answers and no wording. "
    "emotional, conduct, hyperactivity and peer add up to total; prosocial is not in it.",
    columns=(
        _UPN,
        Column("date", "date", "The day it was filled in, or it was found that it cannot be."),
        Column("informant", "code", "Who filled it in.", allowed=("carer", "teacher", "self")),
        Column("total", "whole number", "0 to 40; blank where there is a reason.", required=False),
        Column("emotional", "whole number", _SCALE_OF_TEN, required=False),
        Column("conduct", "whole number", _SCALE_OF_TEN, required=False),
        Column("hyperactivity", "whole number", _SCALE_OF_TEN, required=False),
        Column("peer", "whole number", _SCALE_OF_TEN, required=False),
        Column("prosocial", "whole number", _SCALE_OF_TEN, required=False),
        Column("impact", "whole number", "0 to 10; 0 to 6 from a teacher.", required=False),
        Column(
            "reason",
            "code",
            "Why there is no score; blank where there is one.",
            required=False,
            code_list="sdq_reason",
        ),
    ),
)

HEALTH = Export(
    name="health.csv",
    grain="One row for each health event of a child looked after.",
    key=("upn", "kind", "date"),
    columns=(
        _UPN,
        Column(
            "kind",
            "code",
            "What it is about.",
            allowed=(
                "initial assessment",
                "review assessment",
                "dental check",
                "immunisations",
                "optician",
            ),
        ),
        Column("date", "date", "The day it was done, is booked for, or was found not done."),
        Column(
            "outcome",
            "code",
            "done: it took place; for immunisations, they are up to date. booked: a day is "
            "set. not done: it was due and did not take place.",
            allowed=("done", "booked", "not done"),
        ),
        Column("next_due", "date", "When the next is due, where known.", required=False),
        Column(
            "reason",
            "code",
            "Why it was not done; for not done only.",
            required=False,
            code_list="health_reason",
        ),
    ),
)

EHCP = Export(
    name="ehcp.csv",
    grain="One row for each step of an Education, Health and Care Plan.",
    key=("upn", "event", "date"),
    columns=(
        _UPN,
        Column("date", "date", "The day of the step, or for which it is booked."),
        Column("event", "code", "Which step it is.", code_list="ehcp_event"),
        Column(
            "primary_need",
            "code",
            "The first kind of need; needed for plan issued, allowed with every step.",
            required=False,
            code_list="sen_need",
        ),
    ),
)

PEP = Export(
    name="pep.csv",
    grain="One row for each meeting of a personal education plan.",
    key=("upn", "date"),
    columns=(
        _UPN,
        Column("date", "date", "The day of the meeting."),
        Column("outcome", "code", "Whether it was held.", allowed=("held", "booked")),
        Column(
            "quality",
            "text",
            "The authority's own word for the plan's quality.",
            required=False,
            pattern=r"[A-Za-z][A-Za-z ]{0,29}",
        ),
        Column(
            "child_attended",
            "code",
            "Whether the child was there; for held only.",
            required=False,
            allowed=("yes", "no"),
        ),
        Column("targets_set", "whole number", "How many targets; for held only.", required=False),
    ),
)

SUSPENSIONS = Export(
    name="suspensions.csv",
    grain="One row for each suspension or exclusion.",
    key=("upn", "date"),
    columns=(
        _UPN,
        Column("date", "date", "The first day."),
        Column("category", "code", "As in the school census.", code_list="suspension_category"),
        Column("sessions", "whole number", "Half days missed by it; 0 for a lunchtime."),
        Column(
            "reason",
            "code",
            "The first reason given.",
            required=False,
            code_list="suspension_reason",
        ),
    ),
)

#: Every export, in the order in which they are read.
EXPORTS: tuple[Export, ...] = (
    SCHOOL,
    CALENDAR,
    ROLL,
    CARE_EPISODES,
    ATTENDANCE,
    WHOLE_SCHOOL_WEEKLY,
    SDQ,
    HEALTH,
    EHCP,
    PEP,
    SUSPENSIONS,
)

#: What people fill in sheets of, which go round the school: these may name a child by
#: handle instead of UPN.
BY_HANDLE: tuple[Export, ...] = (SDQ, HEALTH, EHCP, PEP, SUSPENSIONS)

#: Personal, though it identifies nobody: in its place somebody may type a name.
_HANDLE = Column(
    "handle",
    "text",
    "The two words by which the dashboard calls the child.",
    personal=True,
    pattern=r"[a-z]+ [a-z]+",
    example="copper lantern",
)


def sheet_name(export: Export) -> str:
    """What a sheet is called that holds the export's rows."""
    return export.name.removesuffix(".csv")


def by_handle(export: Export) -> Export:
    """The same file with a handle in place of the UPN; ValueError if it may have none."""
    if export not in BY_HANDLE:
        raise ValueError(f"{export.name} names children by UPN only")
    return replace(
        export,
        columns=(_HANDLE, *export.columns[1:]),
        key=tuple(_HANDLE.name if name == _UPN.name else name for name in export.key),
    )


#: Every class of fault that intake reports, and the rule that was broken.  The column
#: named with a fault is the one to look at; "" means the row or the file as a whole.
FAULTS: dict[str, str] = {
    # of the whole file (row 0)
    "missing file": "A required file is there.",
    "not UTF-8": "A file is text in UTF-8, with or without byte-order mark.",
    "wrong header": "The first row names the columns of the contract, in their order.",
    "no rows": "A file that is there has at least one row (care_episodes.csv may have none).",
    # of one row (column "")
    "broken row": "A row is a well-formed CSV record on one line, without control characters.",
    "field count": "A row has as many fields as the header.",
    # of one value
    "missing value": "A required value is there.",
    "spaces around": "A value has no spaces before or after it.",
    "not a date": "A date exists, as YYYY-MM-DD or DD/MM/YYYY, from 1900 to 2099.",
    "two date forms": "A column writes its dates in one form, that of its first date.",
    "not a whole number": "A count is a whole number, 0 or more.",
    "not allowed": "A value is one of the list, or has the form, that the contract gives.",
    "UPN form": "A UPN is a letter and 12 digits, the last of which may be a letter.",
    "UPN check letter": "A UPN's first letter follows from the rest.",
    # of values together
    "code not on that date": "A code may be used on that date.",
    "wrong session": "/ is a morning's mark and \\ an afternoon's.",
    "dates out of order": "A start comes before its end; a birth before the entry.",
    "not a Monday": "A week starts on a Monday.",
    "out of range": "A score lies within the range of its scale.",
    "does not add up": "Four sub-scales add up to the total (reported in column total); the "
    "five are all there or none is (in the first that is missing).",
    "score or reason": "There is a score, or the reason why there is none (column total).",
    "needed for outcome": "A reason, a quality, an attendance or a number of targets stands "
    "with the outcome that it belongs to, and a need with a plan (in that column).",
    "more absent than possible": "Absent sessions are no more than possible sessions.",
    "known since": "known_since is given exactly where the start is unknown.",
    "needed for status": "An authority is given for looked after; legal status and home "
    "for looked after only.",
    "duplicate": "A key appears once (reported at the later row, in the key's first column).",
    "one UPN, two children": "A UPN belongs to one child (reported at the later row).",
    "not on the roll": "A child is on the roll (reported in column upn; for a sheet by handle, "
    "the home knows the child, column handle).",
    "outside enrolment": "A mark that counts lies between a child's entry and leaving dates.",
    "overlap": "Periods of a status do not overlap (reported at the later row, column start).",
    "mark on a closed day": "A session that counts is on a school day of the calendar.",
}
