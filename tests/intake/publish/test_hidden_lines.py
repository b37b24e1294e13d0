"""A text of a file that may name somebody is not shown until a person has looked at it.

Its row is in the views, and nothing of the text is lost.
"""

from pathlib import Path

import pytest

from intake.publish import entries
from intake.publish.files import read_rows
from safeguards.access import access
from tests.support.schools.good_exports import ANN, BEN, MORE
from tests.support.schools.small_home import SmallHome

NOTES = "concerns.csv"
_HEAD = MORE[NOTES].split("\n")[0]
_NAMING = "Annie Achebe pushed in the queue"


def write_notes(*lines: str) -> dict[str, str]:
    """A file of notes of one day about Ann, and one of Ben."""
    rows = [
        dict(zip(_HEAD.split(","), ("",) * 20, strict=False))
        | {"upn": upn, "date": "2026-11-17", "kind": "feelings", "level": "note"}
        | {"raised_by": "teacher", "line": line}
        for upn, line in ((ANN, line) for line in lines)
    ]
    rows.append(rows[0] | {"upn": BEN, "line": "Day after day without swimming kit"})
    return {NOTES: "\n".join([_HEAD, *(",".join(row.values()) for row in rows), ""])}


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallHome:
    home = SmallHome(tmp_path)
    home.load()
    monkeypatch.setenv("LAC_KEYS", home.environ["LAC_KEYS"])
    return home


def list_notes(desk: SmallHome) -> list[str]:
    """What the page says that was noticed of Ann, in the order of the words."""
    return [line for (line,) in desk.ask(f"{_ANN} '{desk.find(ANN).handle}' order by line")]


_ANN = "select line from pupil_concern where kind is not null and handle ="


def test_the_row_is_taken_and_its_text_is_under_seal(desk: SmallHome) -> None:
    outcome = desk.load(write_notes(_NAMING, "saw Mrs Reed", "calm today"))
    assert outcome.problems == ()
    assert [each.fault for each in outcome.doubts] == ["may name somebody"] * 2
    first, second, third = list_notes(desk)
    assert first.startswith("Not shown yet (")
    assert second.startswith("Not shown yet (")
    assert (first != second, third) == (True, "calm today")
    kept = "".join(frame.write_csv() for frame in read_rows(desk.path, desk.keys.store).values())
    assert "calm today" in kept
    assert not [word for word in ("Annie", "Achebe", "pushed", "Reed") if word in kept]
    assert {each.line for each in entries.list_hidden_lines(desk.open())} == {
        _NAMING,
        "saw Mrs Reed",
    }


@pytest.mark.parametrize("shown", [_NAMING, "another child pushed in the queue"])
def test_the_lead_lets_it_be_shown_as_it_is_or_mended(desk: SmallHome, shown: str) -> None:
    """It stays so when the same file comes again, and is one note."""
    desk.load(write_notes(_NAMING))
    (hidden,) = entries.list_hidden_lines(desk.open())
    told = entries.show_line(desk.open(), hidden, "ring 0161 496 0123")
    assert [each.fault for each in told.problems] == ["personal"]
    assert entries.show_line(desk.open(), hidden, shown).entry_id is not None
    for _ in range(2):
        assert list_notes(desk) == [shown]
        assert entries.list_hidden_lines(desk.open()) == []
        assert desk.ask("from check_unusual where doubt = 'may name somebody'") == []
        again = write_notes(_NAMING)
        assert desk.load({NOTES: again[NOTES] + "\n"}).doubts == ()


def test_a_mended_file_takes_the_hidden_text_away(desk: SmallHome) -> None:
    desk.load(write_notes(_NAMING))
    assert desk.load(write_notes("another child pushed in the queue")).doubts == ()
    assert list_notes(desk) == ["another child pushed in the queue"]
    assert entries.list_hidden_lines(desk.open()) == []


def test_another_file_leaves_it_hidden(desk: SmallHome) -> None:
    desk.load(write_notes(_NAMING))
    desk.load({"own_words.csv": MORE["own_words.csv"]})
    assert len(entries.list_hidden_lines(desk.open())) == 1
    (note,) = list_notes(desk)
    assert note.startswith("Not shown yet (")


def test_only_the_lead_lets_a_text_be_shown(desk: SmallHome) -> None:
    desk.load(write_notes(_NAMING))
    (hidden,) = entries.list_hidden_lines(desk.open())
    for role in ("pastoral", "teacher"):
        assert entries.list_hidden_lines(desk.open(role)) == []
        with pytest.raises(access.Denied):
            entries.show_line(desk.open(role), hidden, _NAMING)
