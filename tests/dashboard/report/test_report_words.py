"""The words check on 60 sentences that point to a child, by name, number, place or description,
and on 100 that do not, with all, most and none of them among these."""

from datetime import date
from pathlib import Path

import pytest

from dashboard.report.content.wording import find_open, fold_place, keep_ticks

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
    assert len(flagged) + len(missed) == 60
    assert len(missed) <= 3, missed


def test_sentences_that_point_to_nobody_are_let_be() -> None:
    flagged, passed = list_flagged("points_to_nobody.txt")
    assert len(flagged) + len(passed) == 100
    assert len(flagged) <= 3, flagged


@pytest.mark.parametrize(
    ("ticks", "left"),
    [((), ["quill", "ondine"]), (("quill",), ["ondine"]), (("quill", "ondine"), [])],
)
def test_each_place_is_ticked_by_itself(ticks: tuple[str, ...], left: list[str]) -> None:
    text = "Quill reads.  So does Ondine."
    found = find_open(text, ticks, names=_OWN)
    assert [fold_place(text, each) for each in found] == left


def test_a_tick_is_for_the_words_that_it_was_set_on() -> None:
    """Other words are asked about anew; the same ones in another place are not."""
    assert keep_ticks("We thank Quill.", {"quill", "ondine"}) == {"quill"}
    assert keep_ticks("We thank all.", {"jayden"}) == frozenset()
