"""The words check on 60 sentences that point to a child, by name, number, place or description,
and on 100 that do not, with all, most and none of them among these."""

from datetime import date
from pathlib import Path

from dashboard.report.content.wording import find_pointing

_FOLDER = Path(__file__).with_name("words")
#: What the school's own children are called, while a name card is open.
_OWN = ("Quill", "Thistle", "Marlowe", "Ondine", "Bram")
_DAY = date(2026, 11, 20)


def list_flagged(name: str) -> tuple[list[str], list[str]]:
    """The sentences of a list in which something is asked about, and the others."""
    found: tuple[list[str], list[str]] = ([], [])
    for sentence in (_FOLDER / name).read_text("utf-8").splitlines():
        found[not find_pointing(sentence, names=_OWN, as_at=_DAY)].append(sentence)
    return found


def test_sentences_that_point_to_a_child_are_asked_about() -> None:
    flagged, missed = list_flagged("points.txt")
    assert len(flagged) + len(missed) == 60
    assert len(missed) <= 3, missed


def test_sentences_that_point_to_nobody_are_let_be() -> None:
    flagged, passed = list_flagged("points_to_nobody.txt")
    assert len(flagged) + len(passed) == 100
    assert len(flagged) <= 3, flagged
