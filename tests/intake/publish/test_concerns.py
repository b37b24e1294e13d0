"""Notes of concern: anybody who works with children raises one, and the lead alone sees it."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from intake.publish import entries
from safeguards.access import access, admission
from safeguards.access.settings import Settings
from safeguards.errors import HomeError, ProofError
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from tests.support.schools.good_exports import ANN, BEN
from tests.support.schools.homes import keys_at
from tests.support.schools.real_home import PEOPLE, phrase_of, real_home
from tests.support.schools.small_home import SmallHome

NOW = datetime(2026, 11, 20, 8, 35, tzinfo=UTC)
NOTE = {
    "date": "2026-11-17",
    "kind": "feelings",
    "level": "concern",
    "raised_by": "lunchtime staff",
    "line": "tearful after lunch, would not say why",
    "follow_up": "2026-11-25",
}


@pytest.mark.slow
def test_who_raises_a_note_need_not_see_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lead alone sees it, and closes it; whoever raised it sees their own, as typed last."""
    home = SmallHome(tmp_path)
    home.load()
    monkeypatch.setenv("LAC_KEYS", home.environ["LAC_KEYS"])
    ann, ben = home.find(ANN), home.find(BEN)

    def write(role: str, handle: str = ann.handle, **changes: str) -> None:
        told = home.add_fact("concerns.csv", {**NOTE, **changes}, role=role, handle=handle)
        assert told.entry_id is not None

    def list_notes() -> list[tuple[str, bool]]:
        """What was noticed of Ann that day, and whether it is closed."""
        query = "from pupil_concern where handle = $handle and concern_date = '2026-11-17'"
        rows = home.open().read(query, {"handle": ann.handle}).to_dicts()
        return [(row["line"], row["closed_date"] is not None) for row in rows]

    def list_own(actor: str, pupil_id: str) -> list[tuple[str, str]]:
        found = entries.list_own_concerns(home.open("pastoral", actor), pupil_id)
        return [(each.values["line"], each.values["level"]) for each in found]

    write("pastoral")
    assert list_notes() == [(NOTE["line"], False)]
    for role in ("pastoral", "teacher"):
        with pytest.raises(access.Denied):
            home.open(role).read("from pupil_concern")
    assert entries.list_typed_facts(home.open("teacher"), ann.handle, "concerns.csv") == ()
    (told,) = entries.list_typed_facts(home.open(), ann.handle, "concerns.csv")
    assert told.values["line"] == NOTE["line"]
    write("pastoral", level="urgent")
    write("pastoral", ben.handle, line="calm today")
    assert list_own("test", ann.pupil_id) == [(NOTE["line"], "urgent")]
    assert list_own("test", ben.pupil_id) == [("calm today", "concern")]
    assert list_own("somebody else", ann.pupil_id) == list_own("test", "0000000000") == []
    write("dsl", done="spoke with the child", closed="2026-11-18")
    assert list_notes() == [(NOTE["line"], True)]


@pytest.fixture
def real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    folder = real_home(tmp_path / "real")
    monkeypatch.setenv("LAC_KEYS", keys_at(folder)["LAC_KEYS"])
    return Home.open(folder)


def set_shared(home: Home, text: str, *, is_confirmed: bool = True) -> None:
    """What the settings say of notes, as the lead confirms it, or somebody by hand."""
    path = home.folder / "settings.toml"
    written = re.sub("are_shared = .*", f"are_shared = {text}", path.read_text("utf-8"))
    if is_confirmed:
        Keys.load(home).heads.write(path, written.encode("utf-8"))
    else:
        path.write_text(written, "utf-8")


def test_a_setting_opens_notes_to_who_raises_them(real: Home) -> None:
    """On pages alone, and nobody else's role; taken back, it closes the pages that are open."""
    admitted = {
        role: admission.sign_in_with_passphrase(real, name, phrase_of(name))
        for role, name in PEOPLE.items()
    }
    earlier: list[access.Session] = []
    for text, seen in (("true", {"dsl", "pastoral", "teacher"}), ("false", {"dsl"})):
        set_shared(real, text)
        assert not any(each.is_current for each in earlier)
        found = set()
        for role, person in admitted.items():
            page = access.open(real.folder, admitted=person, purpose=access.DASHBOARD)
            assert page.is_current
            earlier.append(page)
            if page.has_category("concern"):
                found.add(role)
                page.read("from pupil_concern")
            if role != "dsl":
                with pytest.raises(access.Denied):
                    page.read("from protection_case")
                with pytest.raises(access.Denied):
                    access.open(real.folder, admitted=person, purpose="sql").read(
                        "from pupil_concern"
                    )
        assert found == seen


def test_a_setting_that_says_neither_stops(real: Home) -> None:
    """Nor does an edit count that nobody has confirmed."""
    set_shared(real, "true", is_confirmed=False)
    with pytest.raises(ProofError):
        Settings.load(real, Keys.load(real))
    set_shared(real, '"some"')
    with pytest.raises(HomeError, match="are_shared must be true or false"):
        Settings.load(real, Keys.load(real))
