"""The children of the cast who are not in care: see cast.py."""

from synthetic.cast.story import REASON_NEVER_KNOWN, CastEpisode, CastMember, Day, Marks
from synthetic.population.personas import (
    ADOPTED_LAST_YEAR,
    FAMILY_STRAIN,
    IN_NEED,
    LOOKED_AFTER,
    ON_PROTECTION_PLAN,
    PREVIOUSLY_LOOKED_AFTER,
    SUSPENDED,
    UNDER_A_PLAN,
)

ISLA = CastMember(
    story=(
        "On a protection plan: two days in early November still have no reason.  The "
        "authority refused to assess for an EHC plan in March."
    ),
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
        CastEpisode(ON_PROTECTION_PLAN, Day(0, 3, 18), None, "Ashmere"),
    ),
    marks=(
        Marks("O", (10,), "Mon Tue", reason_after=REASON_NEVER_KNOWN),
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
    story=(
        "Adopted last year: looked after until the order of 12 March, well settled since; "
        "no health, SDQ or PEP row is later than the order."
    ),
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
        CastEpisode(PREVIOUSLY_LOOKED_AFTER, Day(0, 3, 12)),
    ),
    marks=(Marks("I", (10,), "Thu"),),
)

OSCAR = CastMember(
    story=(
        "Suspended: three days in October and two in November; in need after a plan.  The "
        "school's advice for an EHC plan is due on 30 November."
    ),
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
        CastEpisode(ON_PROTECTION_PLAN, Day(-1, 2, 4), Day(-1, 11, 18), "Ashmere"),
        CastEpisode(IN_NEED, Day(-1, 11, 18), None, "Ashmere"),
    ),
    marks=(
        Marks("E", (7,), "Mon Tue Wed"),
        Marks("E", (10,), "Thu Fri"),
        Marks("I", (3,), "Fri"),
        Marks("L", (5, 8, 11), "Mon", "AM"),
    ),
)
