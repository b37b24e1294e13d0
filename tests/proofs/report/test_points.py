"""What governors are told to ask for is in every annual report, by figure or by words."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Literal

import pytest

from dashboard.report import make
from dashboard.report.content import sentences
from dashboard.report.content.facts import LOOKED_AFTER, PREVIOUSLY, Facts
from dashboard.report.make import PreparedReport
from safeguards.disclosure.figures import MISSED, PLANNED, SUSPENDED
from tests.support import sizes
from tests.support.schools.homes import demo_home, keys_at
from tests.support.schools.report_home import session
from tests.support.sizes import size

pytestmark = pytest.mark.slow

_UNTIL, _DAY = date(2027, 7, 16), date(2027, 7, 9)
#: How many children are in the files of a school with about so many looked after.
_SIZES = {3: 3, 6: 7, 8: 18, 12: 25, 20: 42}


def _has_roll(group: str) -> Callable[[Facts], bool]:
    return lambda facts: facts.told.roll[group].children is not None


def _has_sum(what: str) -> Callable[[Facts], bool]:
    return lambda facts: facts.get_sum(what).value is not None


def _has_none(_: Facts) -> bool:
    return False


#: The points of the DfE's guidance (2018) and of the guidance for governors: whether a figure
#: tells of one, and else the question that must be answered, or the sentence that always stands.
POINTS: dict[str, tuple[Callable[[Facts], bool], str | Callable[[Facts], str]]] = {
    "children on roll": (_has_roll(LOOKED_AFTER), sentences.find_size),
    "previously looked after": (_has_roll(PREVIOUSLY), "previously"),
    "arrivals and leavers": (
        lambda facts: facts.told.roll[LOOKED_AFTER].arrived is not None,
        lambda facts: " ".join(sentences.describe_roll(facts)),
    ),
    "local authorities": (_has_none, "authorities"),
    "PEP meetings in time": (lambda facts: facts.told.is_counted, sentences.find_peps),
    "quality of plans": (_has_none, "pep_quality"),
    "attendance beside others": (_has_sum(MISSED), "attendance_help"),
    "suspensions": (_has_sum(SUSPENDED), "suspensions"),
    "progress and attainment": (_has_none, "progress"),
    "most able": (_has_none, "able"),
    "mental health": (_has_none, "wellbeing"),
    "special educational needs": (_has_none, "send"),
    "pupil premium plus": (_has_sum(PLANNED), "money_use"),
    "workload of the designated teacher": (_has_none, "dt_time"),
    "training and its effect": (_has_none, "training"),
    "Virtual School's view": (_has_none, "virtual_school"),
    "policies": (_has_none, "policies"),
    "school improvement plan": (_has_none, "school_plan"),
    "named governor": (_has_none, "link_governor"),
    "children's voice": (_has_none, "told_us"),
    "what governors are asked": (_has_none, "asks"),
}


def tell(prepared: PreparedReport) -> dict[str, Literal["figure", "words", "not"]]:
    """How a report that is final answers each point."""
    required = {each.prompt.key for each in prepared.answers if each.prompt.is_required}
    found: dict[str, Literal["figure", "words", "not"]] = {}
    for point, (has_figure, by_words) in POINTS.items():
        is_said = by_words in required if isinstance(by_words, str) else by_words(prepared.facts)
        found[point] = "figure" if has_figure(prepared.facts) else "words" if is_said else "not"
    return found


@pytest.mark.parametrize("looked_after", _SIZES)
def test_each_point_is_answered(
    looked_after: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: sizes.Count
) -> None:
    """In any school; the control has no questions, so that figures alone must answer."""
    name, missed, by_words = f"report.points-{looked_after}", 0, 0
    rng, cases = sizes.rng(name), size("report.schools")
    for case in range(cases):
        seed, children = rng.randrange(1000), _SIZES[looked_after]
        home = demo_home(tmp_path / f"{case}", seed=seed, children=children, until=_UNTIL)
        monkeypatch.setenv("LAC_KEYS", keys_at(home)["LAC_KEYS"])
        found = list(tell(make.prepare(session(home, as_at=_DAY), "annual")).values())
        missed += found.count("not")
        by_words += found.count("words")
    count(name, cases * len(POINTS), missed, by_words)
    assert missed == 0
    assert by_words
