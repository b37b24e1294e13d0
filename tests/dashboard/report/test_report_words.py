"""The words check on sentences that were written before it was tuned: 200 that point to a child,
by a name of this school's, place or description, and 200 that do not."""

from datetime import date
from pathlib import Path

import pytest

from dashboard.report.check.wording import find_open, fold_place, keep_ticks

_FOLDER = Path(__file__).with_name("words")
#: What the school's own children are called, while a name card is open.
_OWN = """
Aaliyah Abdullah Aleksander Amelia Archie Ava Ayaan Bailey Bram Brooke Caleb Callum Chidi Chloe
Dylan Ellie-Mae Erin Evie Fatima Ffion Finley Freya Grace Hannah Harrison Hope Isabella Ismail
Jakub Jayden Jessica Kacper Kai Kieran Leo Lily-Mae Logan Maisie Mark Marlowe Mason May Mohammed
Niamh Noah O'Neill Oliver Olivia Ondine Poppy Priya Quill Reuben Riley Rose Samuel Scarlett
Thistle Tia Toby Tomasz Tyler Will Zainab Zofia
""".split()  # noqa: SIM905 - names read better than a list of them
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
    assert [fold_place(text, each) for each in find_open(text, ticks, names=_OWN)] == left


def test_a_tick_is_for_the_words_that_it_was_set_on() -> None:
    """Other words are asked about anew; the same ones in another place are not."""
    assert keep_ticks("We thank Jayden.", {"jayden", "maisie"}) == {"jayden"}
    assert keep_ticks("We thank all.", {"jayden"}) == frozenset()
