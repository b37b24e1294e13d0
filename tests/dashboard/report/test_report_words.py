"""The words check on sentences that were written before it was tuned: 200 that point to a child,
by name, place or description, and 200 that do not."""

from datetime import date
from pathlib import Path

import pytest

from dashboard.report.check.wording import find_open, fold_place, keep_ticks

_FOLDER = Path(__file__).with_name("words")
#: What the school's own children are called, while a name card is open.
_OWN = ("Quill", "Thistle", "Marlowe", "Ondine", "Bram")
_DAY = date(2026, 11, 20)


def list_flagged(name: str) -> tuple[list[str], list[str]]:
    """The sentences of a list in which something is asked about, and the others."""
    found: tuple[list[str], list[str]] = ([], [])
    for sentence in (_FOLDER / name).read_text("utf-8").splitlines():
        found[not find_open(sentence, (), names=_OWN, as_at=_DAY)].append(sentence)
    return found


def test_sentences_that_point_to_a_child_are_asked_about() -> None:
    flagged, missed = list_flagged("points.txt")
    assert len(flagged) + len(missed) == 200
    assert len(flagged) >= 180, missed


def test_sentences_that_point_to_nobody_are_let_be() -> None:
    flagged, passed = list_flagged("points_to_nobody.txt")
    assert len(flagged) + len(passed) == 200
    assert len(flagged) <= 20, flagged


@pytest.mark.parametrize(
    ("ticks", "left"),
    [((), ["jayden", "maisie"]), (("jayden",), ["maisie"]), (("jayden", "maisie"), [])],
)
def test_each_place_is_ticked_by_itself(ticks: tuple[str, ...], left: list[str]) -> None:
    text = "Jayden reads.  So does Maisie."
    assert [fold_place(text, each) for each in find_open(text, ticks)] == left


def test_a_tick_is_for_the_words_that_it_was_set_on() -> None:
    """Other words are asked about anew; the same ones in another place are not."""
    assert keep_ticks("We thank Jayden.", {"jayden", "maisie"}) == {"jayden"}
    assert keep_ticks("We thank all.", {"jayden"}) == frozenset()
