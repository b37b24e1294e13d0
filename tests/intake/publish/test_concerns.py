"""Notes of concern as people type them: anybody who works with children, and no names in it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from intake.publish import entries
from safeguards.access import access, admission
from safeguards.access.settings import Settings
from safeguards.errors import HomeError, ProofError
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from tests.support.schools import homes
from tests.support.schools.real_home import PEOPLE, phrase_of, real_home

NOW = datetime(2026, 11, 20, 8, 35, tzinfo=UTC)
NOTE = {
    "date": "2026-11-19",
    "kind": "feelings",
    "level": "concern",
    "raised_by": "lunchtime staff",
    "line": "tearful after lunch, would not say why",
    "follow_up": "2026-11-25",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = homes.demo_home(tmp_path / "home")
    monkeypatch.setenv("LAC_KEYS", homes.keys_at(made)["LAC_KEYS"])
    return made


def opened(folder: Path, role: str) -> access.Session:
    return access.open(folder, actor="test", role=role, purpose="test")


def write(folder: Path, role: str, handle: str, **changes: str) -> entries.EntryResult:
    """Type a note in a role."""
    return entries.add_fact(
        opened(folder, role),
        handle=handle,
        file="concerns.csv",
        values={**NOTE, **changes},
        where_written="seen at school",
        now=NOW,
    )


def list_notes(folder: Path, handle: str) -> list[tuple[str, bool]]:
    """The notes of that day, as the lead sees them: what was noticed, and whether it is closed."""
    rows = opened(folder, "dsl").read(
        "from pupil_concern where handle = $handle and concern_date = '2026-11-19'",
        {"handle": handle},
    )
    return [(row["line"], row["closed_date"] is not None) for row in rows.to_dicts()]


@pytest.mark.slow
def test_who_raises_a_note_need_not_see_it(folder: Path) -> None:
    """Pastoral staff write one down; the lead alone sees it, closes it, and finds one note."""
    lead = opened(folder, "dsl")
    handle = str(lead.read("select min(handle) from cohort_member").item())
    assert write(folder, "pastoral", handle).entry_id is not None
    assert list_notes(folder, handle) == [(NOTE["line"], False)]
    for role in ("pastoral", "teacher"):
        with pytest.raises(access.Denied):
            opened(folder, role).read("from pupil_concern")
    assert entries.list_typed_facts(opened(folder, "teacher"), handle) == ()
    (told,) = entries.list_typed_facts(opened(folder, "dsl"), handle)
    assert told.values["line"] == NOTE["line"]
    write(folder, "dsl", handle, done="spoke with the child", closed="2026-11-20")
    assert list_notes(folder, handle) == [(NOTE["line"], True)]
    write(folder, "teacher", handle, line="calm today")
    assert len(list_notes(folder, handle)) == 2


@pytest.mark.slow
def test_who_raised_a_note_sees_their_own(folder: Path) -> None:
    """As they typed it last, of that child only; a note of another's is not there."""
    lead = opened(folder, "dsl")
    rows = lead.read("select handle, pupil_id from cohort_member order by handle limit 2")
    (handle, child), (other, another) = rows.iter_rows()
    write(folder, "pastoral", handle)
    write(folder, "pastoral", handle, level="urgent")
    write(folder, "pastoral", other, line="calm today")

    def list_own(actor: str, pupil_id: str) -> list[tuple[str, str]]:
        held = access.open(folder, actor=actor, role="pastoral", purpose="test")
        found = entries.list_own_concerns(held, pupil_id)
        return [(each.values["line"], each.values["level"]) for each in found]

    assert list_own("test", child) == [(NOTE["line"], "urgent")]
    assert list_own("test", another) == [("calm today", "concern")]
    assert list_own("somebody else", child) == []
    assert list_own("test", "0000000000") == []


@pytest.mark.parametrize(
    ("text", "seen"),
    [("are_shared = false", {"dsl"}), ("are_shared = true", {"dsl", "pastoral", "teacher"})],
)
def test_a_setting_opens_notes_to_who_raises_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, seen: set[str]
) -> None:
    """On pages alone, once the lead has confirmed the settings; and nobody else's role."""
    real = real_home(tmp_path / "real")
    monkeypatch.setenv("LAC_KEYS", homes.keys_at(real)["LAC_KEYS"])
    home = Home.open(real)
    settings = real / "settings.toml"
    written = settings.read_text("utf-8")
    changed = written.replace("are_shared = false", text).encode("utf-8")
    Keys.load(home).heads.write(settings, changed)
    found = set()
    for role, name in PEOPLE.items():
        admitted = admission.sign_in_with_passphrase(home, name, phrase_of(name))
        page = access.open(real, admitted=admitted, purpose=access.DASHBOARD)
        if page.has_category("concern"):
            found.add(role)
            page.read("from pupil_concern")
        if role != "dsl":
            with pytest.raises(access.Denied):
                access.open(real, admitted=admitted, purpose="sql").read("from pupil_concern")
            with pytest.raises(access.Denied):
                page.read("from protection_case")
    assert found == seen


def test_a_setting_that_is_taken_back_closes_open_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A session that began before is no longer current, and the next one has no notes."""
    real = real_home(tmp_path / "real")
    monkeypatch.setenv("LAC_KEYS", homes.keys_at(real)["LAC_KEYS"])
    home = Home.open(real)
    settings, name = real / "settings.toml", PEOPLE["pastoral"]
    written = settings.read_text("utf-8")
    admitted = admission.sign_in_with_passphrase(home, name, phrase_of(name))
    current: list[access.Session] = []
    for text in ("are_shared = true", "are_shared = false"):
        changed = written.replace("are_shared = false", text).encode("utf-8")
        Keys.load(home).heads.write(settings, changed)
        assert [each.is_current for each in current] == [False] * len(current)
        page = access.open(real, admitted=admitted, purpose=access.DASHBOARD)
        assert page.is_current
        assert page.has_category("concern") == (text == "are_shared = true")
        current.append(page)


def test_a_setting_that_says_neither_stops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does an edit count that nobody has confirmed."""
    real = real_home(tmp_path / "real")
    monkeypatch.setenv("LAC_KEYS", homes.keys_at(real)["LAC_KEYS"])
    home = Home.open(real)
    settings = real / "settings.toml"
    written = settings.read_text("utf-8")
    settings.write_text(written.replace("are_shared = false", "are_shared = true"), "utf-8")
    with pytest.raises(ProofError):
        Settings.load(home, Keys.load(home))
    odd = written.replace("are_shared = false", 'are_shared = "some"').encode("utf-8")
    Keys.load(home).heads.write(settings, odd)
    with pytest.raises(HomeError, match="are_shared is true or false"):
        Settings.load(home, Keys.load(home))


@pytest.mark.parametrize(
    "line",
    [
        "Mr Oliver pushed them in the queue",
        "call the carer on 07700 900123",
        "seen outside 14 Station Road",
        "born on 3 May 2017, so it cannot be",
    ],
)
def test_a_note_names_nobody_and_no_place(folder: Path, line: str) -> None:
    """The line is refused and never said back."""
    handle = str(opened(folder, "dsl").read("select min(handle) from cohort_member").item())
    refused = write(folder, "pastoral", handle, line=line)
    assert refused.entry_id is None
    (problem,) = refused.problems
    assert problem.column == "line"
    assert problem.fault in ("may name a child", "personal")
    assert line not in problem.problem + problem.fix


def test_nobody_types_what_their_role_does_not_see(folder: Path) -> None:
    """A step of child protection is the lead's to type."""
    handle = str(opened(folder, "dsl").read("select min(handle) from cohort_member").item())
    step = {"date": "2026-11-19", "event": "referral"}
    for role, is_allowed in (("teacher", False), ("dsl", True)):
        session = opened(folder, role)
        if not is_allowed:
            with pytest.raises(access.Denied):
                entries.add_fact(
                    *(session,),
                    handle=handle,
                    file="protection.csv",
                    values=step,
                    where_written="a letter",
                    now=NOW,
                )
            continue
        told = entries.add_fact(
            session,
            handle=handle,
            file="protection.csv",
            values=step,
            where_written="a letter",
            now=NOW,
        )
        assert told.entry_id is not None
