"""The events of a made-up child: scores, checks, plans, meetings, suspensions, actions.

Their days lie around the days that can be asked for and before them by the lengths of
the duties, so that many fall due on that day, the day before or the day after.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from queries import reference
from tests.support.oracle.world import Action, Check, Meeting, Sdq, Step, Suspension, World

DAY = timedelta(1)
#: How long before a day its duty may have begun: weeks of plans, months, working days.
_LENGTHS = (0, 14, 28, 29, 42, 84, 112, 140, 181, 182, 184, 365, 366, 400, 700)
_REQUEST = (
    ("requested", 0),
    ("agreed to assess", 42),
    ("advice asked", 45),
    ("advice given", 80),
    ("draft issued", 112),
    ("plan issued", 140),
)
_REVIEW = (
    ("review meeting", 0),
    ("report sent", 14),
    ("decided to amend", 28),
    ("amended plan issued", 84),
)
_ALL_STEPS = (
    *(event for event, _ in (*_REQUEST, *_REVIEW)),
    "refused to assess",
    "refused to issue",
    "lawful delay",
    "decided to keep",
    "decided to cease",
    "ceased",
    "plan moved",
    "move told",
    "review booked",
)
_KINDS = ("initial assessment", "review assessment", "dental check", "immunisations", "optician")


def add_events(draw: random.Random, world: World, key: int, span: list[date]) -> None:
    """Add a child's events; some children have none, some schools have none of a kind."""
    kinds = random.Random(span[0].toordinal() + len(world.marks) % 3)
    if kinds.random() < 0.8:
        world.sdqs.extend(_drawn_sdqs(draw, key, span))
    if kinds.random() < 0.8:
        world.checks.extend(_drawn_checks(draw, key, span))
    if kinds.random() < 0.8:
        world.meetings.extend(_drawn_meetings(draw, key, span))
    world.steps.extend(_drawn_steps(draw, key, span))
    for day in sorted({draw_day(draw, span) for _ in range(draw.choice((0, 0, 1, 2)))}):
        category = draw.choice(("SUSP", "SUSP", "PERM", "LNCH"))
        world.suspensions.append(Suspension(key, day, category, draw.randrange(1, 21)))
    last = None
    for number in range(draw.choice((0, 1, 3))):
        world.actions.extend(_drawn_action(draw, key, span, f"A{key}-{number}", last))
        last = f"A{key}-{number}"


def draw_day(draw: random.Random, span: list[date]) -> date:
    """A day in the span, or one whose duty ends about then."""
    day = draw.choice(span)
    if draw.random() < 0.5:
        day -= (draw.choice(_LENGTHS) + draw.choice((-1, 0, 0, 1))) * DAY
    return date(2024, 2, 29) if draw.random() < 0.03 else day


def _drawn_sdqs(draw: random.Random, key: int, span: list[date]) -> Iterator[Sdq]:
    seen = set()
    for _ in range(draw.choice((0, 1, 3, 5))):
        day, informant = draw_day(draw, span), draw.choice(("carer", "carer", "teacher", "self"))
        if (day, informant) in seen:
            continue
        seen.add((day, informant))
        if draw.random() < 0.2:
            yield Sdq(key, day, informant, None, draw.choice(("SDQ2", "SDQ5")))
        else:
            yield Sdq(key, day, informant, draw.choice((*range(10, 21), 0, 40)))


def _drawn_checks(draw: random.Random, key: int, span: list[date]) -> Iterator[Check]:
    seen = set()
    for _ in range(draw.choice((0, 2, 4, 8))):
        day, kind = draw_day(draw, span), draw.choice(_KINDS)
        if (day, kind) in seen:
            continue
        seen.add((day, kind))
        outcome = draw.choices(("done", "not done", "booked"), (6, 2, 2))[0]
        is_given = outcome == "done" and draw.random() < 0.25
        yield Check(
            key,
            day,
            kind,
            outcome,
            draw.choice(("under 5", "5 to 9", "5 to 9", "10 and over")),
            day + draw.choice((90, 183, 400)) * DAY if is_given else None,
        )


def _drawn_meetings(draw: random.Random, key: int, span: list[date]) -> Iterator[Meeting]:
    for day in sorted({draw_day(draw, span) for _ in range(draw.choice((0, 1, 2, 4)))}):
        yield Meeting(key, day, draw.choices(("held", "booked"), (7, 3))[0])


def _drawn_steps(draw: random.Random, key: int, span: list[date]) -> Iterator[Step]:
    """A request or a review in its order, early, in time or late, with gaps, and noise."""
    steps: set[tuple[date, str]] = set()
    for story in draw.choice(((), (_REQUEST,), (_REVIEW,), (_REQUEST, _REVIEW))):
        start = draw_day(draw, span)
        for event, due in story:
            if draw.random() < 0.8:
                steps.add((start + max(0, due + draw.choice((-7, 0, 0, 1, 30))) * DAY, event))
    if draw.random() < 0.4:
        steps |= {(draw_day(draw, span), draw.choice(_ALL_STEPS)) for _ in range(4)}
    if steps and draw.random() < 0.3:
        steps.add((draw.choice(sorted(steps))[0], draw.choice(_ALL_STEPS)))
    for day, event in sorted(steps):
        yield Step(key, day, event)


def _drawn_action(
    draw: random.Random, key: int, span: list[date], number: str, earlier: str | None
) -> Iterator[Action]:
    day, kind = draw.choice(span), draw.choice(("talked to child", "told of a suspension"))
    rules = draw.sample([*reference.read("look")["rule"]], draw.choice((0, 1, 4, 8)))
    follow_up = draw.choice((None, day, day + 9 * DAY, day + 40 * DAY))
    corrects = draw.choice((None, None, earlier))
    for rule in rules or (None,):
        figure = draw.choice((1, 1, 2, 5, 30)) if rule else None
        yield Action(key, day, number, kind, rule, figure, follow_up, corrects)
