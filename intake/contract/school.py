"""The files that every school has: itself, its days, its roll, care and attendance."""

from intake.contract.shape import PLAIN_NAME, UPN, Column, Export

#: English authorities' numbers begin at 201, so these belong to nobody.
MADE_UP_AUTHORITIES = frozenset(f"{number:03d}" for number in range(1, 100))

#: What may stand in `care_episodes.csv` for a start that nobody knows.
UNKNOWN = "unknown"

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
    is_blocking=True,
    identity_columns=("surname", "forename", "date_of_birth"),
    columns=(
        UPN,
        Column("surname", "text", "Legal surname.", personal=True, pattern=PLAIN_NAME),
        Column("forename", "text", "Legal first name.", personal=True, pattern=PLAIN_NAME),
        Column(
            "preferred_forename",
            "text",
            "The name the child is called by, where it is another.",
            required=False,
            personal=True,
            pattern=PLAIN_NAME,
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
    is_blocking=True,
    may_be_empty=True,
    note="Whoever has a row here is in scope. Periods of one status do not overlap, nor "
    "does in need overlap a protection plan.",
    columns=(
        UPN,
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
            pattern=PLAIN_NAME,
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
        UPN,
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
