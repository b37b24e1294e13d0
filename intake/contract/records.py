"""The files that come later, from letters and meetings: SDQ, health, plans, suspensions."""

from intake.contract.shape import UPN, Column, Export

_SCALE_OF_TEN = "0 to 10. The five are all there or none is."

SDQ = Export(
    name="sdq.csv",
    grain="One row for each questionnaire that was scored, or why it was not.",
    key=("upn", "date", "informant"),
    note="Scores only: the form belongs to Youthinmind, so no answers and no wording. "
    "emotional, conduct, hyperactivity and peer add up to total; prosocial is not in it.",
    columns=(
        UPN,
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
        UPN,
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
        UPN,
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
        UPN,
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
        UPN,
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
