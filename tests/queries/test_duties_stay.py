"""No duty vanishes: between two days it is done, or something that has a name ended it.

The schools are drawn, and odd on purpose; nothing here works a duty out a second time.
"""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from random import Random

from queries import reference
from tests.support.oracle.reference import academic_year
from tests.support.oracle.rules import Rules
from tests.support.oracle.worlds import drawn_world, list_rows
from tests.support.sizes import Count, seed, size
from tests.support.small_store import SmallStore
from tests.support.text_tables import Row

_RULES = {row["rule"]: row for row in reference.read("deadline").to_dicts()}
_STEPS = reference.read("duty_step").to_dicts()
_STEPPED = {row["rule"] for row in _STEPS}
#: What ends a duty by name, as rows with their sources say.
_ENDS = {
    (row["rule"], row["event"])
    for row in (*_STEPS, *reference.read("ehcp_duty_end").to_dicts())
    if row["part"] in ("does", "passes", "replaces")
}
#: What is owed of one school year, and no longer in the next.
_OF_A_YEAR = ("SUSPENSION", "EXCLUSION", "EHC_PHASE")


def is_open(duty: Row) -> bool:
    """Whether somebody still owes it, by records that the school has."""
    ended = ("done", "reason given", "missed")
    return duty["status"] not in ended and not duty["has_no_record"]


class Told:
    """What a store tells of a day; newest_alone: of each clock the duty that began last."""

    def __init__(self, store: SmallStore, day: date, *, newest_alone: bool = False) -> None:
        self.day = day
        self.duties = store.ask("int_duty", day)
        #: Since when a duty of the subject runs: a check-up's next one takes the place of the last.
        self.since: dict[tuple[int, str], date] = {}
        for row in self.duties:
            follows = (row["pupil_key"], _RULES[row["rule"]]["subject"] or row["rule"])
            self.since[follows] = max(row["started_on"], self.since.get(follows, date.min))
        if newest_alone:
            newest = {(row["pupil_key"], row["rule"]): row for row in
                      sorted(self.duties, key=lambda row: row["started_on"])}  # fmt: skip
            self.duties = list(newest.values())
        self.care = {row["pupil_key"]: row["counts_from"] for row in store.ask("int_in_care", day)}
        self.with_worker = {
            row["pupil_key"]
            for row in store.ask("int_member", day)
            if row["is_looked_after"] or row["has_social_worker"]
        }
        self.on_roll = {row["pupil_key"] for row in store.ask("int_pupil_on_roll", day)}
        self.events = {
            (row["pupil_key"], row["event"], row[dated])
            for view, dated in (("int_step", "step_date"), ("int_ehcp_event", "ehcp_date"))
            for row in store.ask(view, day)
        }

    def find_vanished(self, after: "Told") -> Iterator[Row]:
        """The duties that are open and not told of on the later day, and nothing says why."""
        there = {(row["pupil_key"], row["rule"], row["started_on"]) for row in after.duties}
        for duty in filter(is_open, self.duties):
            child, rule, started = duty["pupil_key"], duty["rule"], duty["started_on"]
            is_of_care = _RULES[rule]["applies_to"] == "looked after"
            has_followed = after.since.get((child, _RULES[rule]["subject"] or rule), date.min)
            if not (
                (child, rule, started) in there
                or child not in after.on_roll
                or (is_of_care and after.care.get(child) != self.care[child])
                or any(
                    who == child and (rule, event) in _ENDS and self.day < day <= after.day
                    for who, event, day in after.events
                )
                or (rule == "SUSPENSION_NOTIFY" and child not in after.with_worker)
                or (rule not in _STEPPED and has_followed > started)
                or (
                    rule.startswith(_OF_A_YEAR)
                    and academic_year(self.day) != academic_year(after.day)
                )
            ):
                yield duty


def test_no_duty_vanishes(case: SmallStore, count: Count) -> None:
    """Of three days of each school; where a clock's newest start hides the others, some do."""
    cases, vanished, control = 0, [], 0
    for number in range(1000 * seed(), 1000 * seed() + size("duties.schools")):
        world = drawn_world(number)
        case.set_rules(world.rules)
        case.put(list_rows(world))
        days = sorted({day for _, day in world.calendar})
        asked = sorted(Random(number).sample(days, 3))
        for one, other in pairwise(asked):
            before, after = Told(case, one), Told(case, other)
            cases += sum(map(is_open, before.duties))
            vanished += [(number, one, other, each) for each in before.find_vanished(after)]
            hidden = Told(case, other, newest_alone=True)
            control += len(list(before.find_vanished(hidden)))
    case.set_rules(Rules())
    assert vanished == []
    count("duties.days", cases, len(vanished), control)
    assert control > 0
