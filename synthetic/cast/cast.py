"""The cast: twelve children with fixed names and stories, the same in every made-up school.

Tests, screenshots and the README speak of them.  Dates are kept relative to the academic
year that holds the last day of the school's data; with data until 20 November 2026 the
figures of that year are exact and the same for every seed.  Names are invented.
Scores, health and plans are told in cast_wellbeing.py and cast_plans.py.
"""

from dataclasses import replace

from synthetic.cast.others import GRACE, ISLA, KAI, OSCAR
from synthetic.cast.plans import MEETINGS, STEPS
from synthetic.cast.story import CastEpisode, CastMember, Day, Marks, Week
from synthetic.cast.wellbeing import CHECKS, SCORES
from synthetic.population.personas import (
    ANXIOUS_MONDAYS,
    ARRIVED_MID_YEAR,
    IN_NEED,
    LEFT_MID_YEAR,
    LOOKED_AFTER,
    OUT_OF_AREA,
    PART_TIME,
    RECENT_MOVE,
    SETTLED,
)
from synthetic.subjects.records import Records

RUBY = CastMember(
    story=(
        "Settled: with the same foster carers since 2021; a two-day cold and one dentist.  "
        "The carer's SDQ has fallen from 22 to 19 to 14, and the plan for her speech has "
        "ceased."
    ),
    digits="001999921001",
    forename="Ruby",
    surname="Hallam",
    sex="F",
    year_group=5,
    letter="A",
    birthday=(1, 19),
    rank=0.30,
    persona=SETTLED,
    episodes=(
        CastEpisode(LOOKED_AFTER, Day(-5, 6, 14), Day(-4, 2, 10), "Ashmere", "C1", "foster"),
        CastEpisode(LOOKED_AFTER, Day(-4, 2, 10), None, "Ashmere", "C2", "foster"),
    ),
    marks=(Marks("I", (6,), "Tue Wed"), Marks("M", (10,), "Wed", "AM")),
)

MASON = CastMember(
    story=(
        "Recent move: a second home within a year since 5 October; away and late more since.  "
        "The carer's SDQ has risen to 21; no PEP this autumn; the request for a plan has "
        "waited on the authority since 23 October.  His first health assessment was on the "
        "20th working day, over Easter."
    ),
    digits="001999920002",
    forename="Mason",
    surname="Prior",
    sex="M",
    year_group=6,
    letter="A",
    birthday=(11, 2),
    rank=0.80,
    persona=RECENT_MOVE,
    episodes=(
        CastEpisode(LOOKED_AFTER, Day(-2, 3, 3), Day(-1, 11, 24), "Ashmere", "C1", "kinship"),
        CastEpisode(LOOKED_AFTER, Day(-1, 11, 24), Day(0, 10, 5), "Ashmere", "C2", "foster"),
        CastEpisode(LOOKED_AFTER, Day(0, 10, 5), None, "Ashmere", "C2", "foster"),
    ),
    marks=(
        Marks("I", (3,), "Thu"),
        Marks("O", (6,), "Tue Wed"),
        Marks("I", (8,), "Thu Fri"),
        Marks("O", (10,), "Mon"),
        Marks("U", (11,), "Wed Fri", "AM"),
        Marks("L", (6, 7, 8, 10), "Mon Thu", "AM"),
        Marks("L", (12,), "Tue Wed", "AM"),
    ),
)

FREYA = CastMember(
    story=(
        "Out of area: Wexbourne sends a taxi, which failed one day; "
        "exactly 10 of 100 sessions missed.  "
        "It has sent nothing about her health; the review of her plan is booked."
    ),
    digits="001999922003",
    forename="Freya",
    surname="Tindall",
    sex="F",
    year_group=4,
    letter="B",
    birthday=(4, 27),
    rank=0.85,
    persona=OUT_OF_AREA,
    episodes=(
        CastEpisode(LOOKED_AFTER, Day(-3, 7, 8), Day(-2, 5, 20), "Wexbourne", "V2", "foster"),
        CastEpisode(LOOKED_AFTER, Day(-2, 5, 20), None, "Wexbourne", "C2", "foster"),
    ),
    marks=(
        Marks("Y1", (5,), "Mon"),
        Marks("I", (4,), "Tue Wed Thu"),
        Marks("C", (8,), "Thu"),
        Marks("I", (11,), "Mon"),
        Marks("L", (2, 3, 5, 7, 10, 12), "Tue", "AM"),
    ),
)

JAYDEN = CastMember(
    story=(
        "Anxious Mondays: misses Mondays; nobody knows when his care began.  His dental "
        "check is overdue, his health review booked too late; the summer's PEP was held in "
        "November."
    ),
    digits="001999921004",
    forename="Jayden",
    surname="Marsh",
    sex="M",
    year_group=5,
    letter="B",
    birthday=(9, 30),
    rank=0.80,
    persona=ANXIOUS_MONDAYS,
    episodes=(
        CastEpisode(
            LOOKED_AFTER,
            None,
            authority="Saltersea",
            legal_status="C2",
            home="kinship",
            known_since=Day(-1, 9, 15),
        ),
    ),
    marks=(
        Marks("I", (3, 5, 8), "Mon"),
        Marks("O", (6, 10, 12), "Mon"),
        Marks("I", (4, 11), "Mon", "AM"),
        Marks("L", (2, 7), "Mon", "AM"),
    ),
)

LEO = CastMember(
    story=(
        "Arrived mid-year: came in February with a new home; in care for under 12 months.  "
        "First health assessment three working days late; 16 in the SDQ from carer and "
        "teacher; the autumn's PEP is booked."
    ),
    digits="001999922005",
    forename="Leo",
    surname="Ashby",
    sex="M",
    year_group=4,
    letter="A",
    birthday=(7, 6),
    rank=0.55,
    persona=ARRIVED_MID_YEAR,
    episodes=(
        CastEpisode(IN_NEED, Day(-1, 9, 22), Day(0, 2, 9), "Thornmere"),
        CastEpisode(LOOKED_AFTER, Day(0, 2, 9), None, "Thornmere", "C1", "foster"),
    ),
    marks=(Marks("I", (7,), "Thu"), Marks("M", (3, 12), "Tue", "PM")),
    entry=Day(0, 2, 24),
)

POPPY = CastMember(
    story=("Left mid-year: moved to a new home and a new school on 16 October, all up to date."),
    digits="001999923006",
    forename="Poppy",
    surname="Garside",
    sex="F",
    year_group=3,
    letter="A",
    birthday=(12, 12),
    rank=0.70,
    persona=LEFT_MID_YEAR,
    episodes=(
        CastEpisode(LOOKED_AFTER, Day(-2, 1, 15), Day(0, 10, 19), "Ashmere", "V2", "foster"),
        CastEpisode(LOOKED_AFTER, Day(0, 10, 19), None, "Ashmere", "C2", "kinship"),
    ),
    marks=(Marks("I", (4,), "Wed Thu"), Marks("O", (7,), "Mon", "PM")),
    leaving=Week(7, "Fri"),
)

THEO = CastMember(
    story=(
        "Joined this half-term on 10 November, in care since October: too early to say.  "
        "Health assessment on the last day for it, 18 November; first PEP booked a week late."
    ),
    digits="00199992307A",
    forename="Theodore",
    surname="Bramhall",
    sex="M",
    year_group=3,
    letter="B",
    birthday=(3, 8),
    rank=0.40,
    persona=ARRIVED_MID_YEAR,
    preferred="Theo",
    episodes=(CastEpisode(LOOKED_AFTER, Day(0, 10, 21), None, "Eastholm", "C1", "foster"),),
    marks=(Marks("M", (12,), "Wed", "AM"),),
    entry=Week(11, "Tue"),
)

ALFIE = CastMember(
    story=(
        "Part-time timetable: mornings only from week 3, two full days again since November.  "
        "His plan was issued at week 26; its first review is due on 9 December; nobody has "
        "an SDQ of him."
    ),
    digits="001999920008",
    forename="Alfie",
    surname="Norcross",
    sex="M",
    year_group=6,
    letter="B",
    birthday=(5, 23),
    rank=0.985,
    persona=PART_TIME,
    episodes=(
        CastEpisode(LOOKED_AFTER, Day(-4, 4, 2), Day(-1, 6, 30), "Ashmere", "C2", "foster"),
        CastEpisode(LOOKED_AFTER, Day(-1, 6, 30), None, "Ashmere", "C2", "children's home"),
    ),
    marks=(
        Marks("C2", (3, 4, 5, 6, 7, 8), "Mon Tue Wed Thu Fri", "PM"),
        Marks("C2", (10, 11, 12), "Wed Thu Fri", "PM"),
        Marks("I", (5,), "Thu", "AM"),
    ),
)


def _with_records(member: CastMember) -> CastMember:
    """The member with what the other modules tell of it, in order of date."""
    name = member.forename
    records = Records(
        scores=SCORES.get(name, ()),
        checks=tuple(sorted(CHECKS.get(name, ()), key=lambda c: (c.day, c.kind))),
        steps=STEPS.get(name, ()),
        meetings=MEETINGS.get(name, ()),
    )
    return replace(member, records=records)


#: The cast in the order in which they stand in the files.
CAST: tuple[CastMember, ...] = tuple(
    _with_records(member)
    for member in (
        *(RUBY, MASON, FREYA, JAYDEN, LEO, POPPY),
        *(THEO, ALFIE, ISLA, KAI, GRACE, OSCAR),
    )
)
