"""The cast: twelve children with fixed names and stories, the same in every made-up school.

Tests, screenshots and the README speak of them.  Dates are kept relative to the academic
year that holds the last day of the school's data; with data until 20 November 2026 the
figures of that year are exact and the same for every seed.  Names are invented.
"""

from synthetic.personas import (
    ADOPTED_LAST_YEAR,
    ANXIOUS_MONDAYS,
    ARRIVED_MID_YEAR,
    FAMILY_STRAIN,
    IN_NEED,
    LEFT_MID_YEAR,
    LOOKED_AFTER,
    ON_A_PLAN,
    OUT_OF_AREA,
    PART_TIME,
    PREVIOUSLY,
    RECENT_MOVE,
    SETTLED,
    SUSPENDED,
    UNDER_A_PLAN,
)
from synthetic.story import NEVER, CastEpisode, CastMember, Day, Marks, Week

RUBY = CastMember(
    story="Settled: four years with the same foster carers; a two-day cold and one dentist.",
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
    story="Recent move: a second home within a year since 5 October; away and late more since.",
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
    story="Out of area: Wexbourne sends a taxi, which failed one day; exactly 10 % missed.",
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
    story="Anxious Mondays: misses Mondays; nobody knows when his care began.",
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
    story="Arrived mid-year: came in February with a new home; in care for under 12 months.",
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
    story="Left mid-year: moved to a new home and a new school on 16 October.",
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
    story="Joined this half-term on 10 November, in care since October: too early to say.",
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
    story="Part-time timetable: mornings only from week 3, two full days again since November.",
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

ISLA = CastMember(
    story="On a protection plan: two days in early November still have no reason.",
    digits="001999921009",
    forename="Isla",
    surname="Kershaw",
    sex="F",
    year_group=5,
    letter="A",
    birthday=(8, 17),
    rank=0.75,
    persona=UNDER_A_PLAN,
    episodes=(
        CastEpisode(IN_NEED, Day(-1, 10, 7), Day(0, 3, 18), "Ashmere"),
        CastEpisode(ON_A_PLAN, Day(0, 3, 18), None, "Ashmere"),
    ),
    marks=(
        Marks("O", (10,), "Mon Tue", reason_after=NEVER),
        Marks("O", (3,), "Wed"),
        Marks("I", (6,), "Mon Tue Wed"),
        Marks("U", (12,), "Mon", "AM"),
        Marks("L", (4, 5, 7, 11), "Tue", "AM"),
    ),
)

KAI = CastMember(
    story="In need: away since Thursday afternoon without a reason yet; it will be illness.",
    digits="001999922010",
    forename="Kai",
    surname="Dunmore",
    sex="M",
    year_group=4,
    letter="A",
    birthday=(2, 11),
    rank=0.50,
    persona=FAMILY_STRAIN,
    episodes=(CastEpisode(IN_NEED, Day(0, 5, 12), None, "Ashmere"),),
    marks=(
        Marks("I", (5,), "Thu"),
        Marks("U", (8,), "Mon", "AM"),
        Marks("I", (12,), "Thu", "PM", reason_after=4),
        Marks("I", (12,), "Fri", reason_after=4),
    ),
)

GRACE = CastMember(
    story="Adopted last year: looked after until the order of 12 March, well settled since.",
    digits="001999923011",
    forename="Grace",
    surname="Wetherall",
    sex="F",
    year_group=3,
    letter="A",
    birthday=(10, 5),
    rank=0.35,
    persona=ADOPTED_LAST_YEAR,
    episodes=(
        CastEpisode(LOOKED_AFTER, Day(-2, 2, 6), Day(-1, 9, 1), "Ashmere", "C2", "foster"),
        CastEpisode(LOOKED_AFTER, Day(-1, 9, 1), Day(0, 3, 12), "Ashmere", "E1", "adoptive"),
        CastEpisode(PREVIOUSLY, Day(0, 3, 12)),
    ),
    marks=(Marks("I", (10,), "Thu"),),
)

OSCAR = CastMember(
    story="Suspended: three days in October and two in November; in need after a plan.",
    digits="001999920012",
    forename="Oscar",
    surname="Fielden",
    sex="M",
    year_group=6,
    letter="A",
    birthday=(6, 1),
    rank=0.78,
    persona=SUSPENDED,
    episodes=(
        CastEpisode(ON_A_PLAN, Day(-1, 2, 4), Day(-1, 11, 18), "Ashmere"),
        CastEpisode(IN_NEED, Day(-1, 11, 18), None, "Ashmere"),
    ),
    marks=(
        Marks("E", (7,), "Mon Tue Wed"),
        Marks("E", (10,), "Thu Fri"),
        Marks("I", (3,), "Fri"),
        Marks("L", (5, 8, 11), "Mon", "AM"),
    ),
)

#: The cast in the order in which they stand in the files.
CAST: tuple[CastMember, ...] = (
    *(RUBY, MASON, FREYA, JAYDEN, LEO, POPPY),
    *(THEO, ALFIE, ISLA, KAI, GRACE, OSCAR),
)
