"""`lac audit` as a person meets it: what it says of a log, and to whom it shows one."""

import re
from pathlib import Path

import pytest

from safeguards.access import access
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from tests.support.commands import lac
from tests.support.schools.homes import cast_handles, demo_home, keys_at


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo_home(tmp_path_factory.mktemp("audit") / "home")


@pytest.fixture
def home(made: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home whose log is as it was when the module began."""
    monkeypatch.setenv("LAC_KEYS", keys_at(made)["LAC_KEYS"])
    monkeypatch.setattr("getpass.getuser", lambda: "Sam")
    for path in (made / "log").iterdir():
        path.unlink()
    Keys.load(Home.open(made)).heads.forget("access.jsonl")
    return made


def look(home: Path, handle: str | None = None, actor: str = "Kim", role: str = "dsl") -> str:
    """Somebody opens the home and, if it is named, a child; the child's pupil_id."""
    session = access.open(home, actor=actor, role=role, purpose="dashboard")
    if handle is None:
        return ""
    found = session.read(
        "select pupil_id from cohort_member where handle = $handle", {"handle": handle}
    )
    pupil_id = str(found.item())
    session.enter("child", pupil_id)
    return pupil_id


def log_of(home: Path) -> Path:
    return home / "log" / "access.jsonl"


def lines_of(home: Path) -> list[str]:
    return log_of(home).read_text("ascii").splitlines(keepends=True)


def test_a_backup_put_back_by_hand_can_be_declared_afterwards(home: Path) -> None:
    """Whoever did it may have opened the dashboard first; who says so stands in the log."""
    for _ in range(3):
        look(home)
    log_of(home).write_text("".join(lines_of(home)[:-2]), "ascii")
    look(home)
    assert "lac audit gap" in lac("doctor", "--home", home).stdout
    for said in ("The gap has been recorded.\n", "The log has no gap, so nothing was written.\n"):
        result = lac("audit", "gap", "--home", home, "--backup-of", "2026-11-18")
        assert (result.exit_code, result.stdout, result.stderr) == (0, said, "")
    assert '"actor": "Sam"' in lines_of(home)[-1]
    assert "The log is complete" in lac("doctor", "--home", home).stdout


# show


def test_the_log_is_a_table_by_handle_newest_last(home: Path) -> None:
    """That it was shown is its last line; no pupil_id stands where a handle is known."""
    handle = min(cast_handles(home).values())
    pupil_id = look(home, handle)
    result = lac("audit", "show", "--home", home)
    assert (result.exit_code, result.stderr) == (0, "")
    head, *rows = result.stdout.splitlines()
    assert head.split() == ["line", "when", "(UTC)", "event", "who", "role", "page", "child", "why"]
    assert pupil_id not in result.stdout
    fields = [re.split(r"  +", row.strip()) for row in rows]
    assert [row[2:] for row in fields] == [
        ["open", "Kim", "dsl", "-", "-", "dashboard"],
        ["view", "Kim", "dsl", "child", handle, "dashboard"],
        ["open", "Sam", "dsl", "-", "-", "audit"],
        ["audit", "Sam", "dsl", "audit", "-", "audit"],
    ]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", row[1]) for row in fields)


def test_the_log_of_one_child_by_handle_or_pupil_id(home: Path) -> None:
    one, other = sorted(cast_handles(home).values())[:2]
    pupil_id = look(home, one)
    look(home, other)
    for child in (one, one.upper(), pupil_id):
        result = lac("audit", "show", "--home", home, "--child", child)
        assert one in result.stdout
        assert other not in result.stdout
        assert "audit" in result.stdout.splitlines()[-1]
    unknown = lac("audit", "show", "--home", home, "--child", "no such child")
    assert (unknown.exit_code, unknown.stdout) == (2, "")
    erased = lac("audit", "show", "--home", home, "--child", "ZZZZZZZZZZ")
    assert [row.split()[-2] for row in erased.stdout.splitlines()[1:]] == ["ZZZZZZZZZZ"]


def test_the_log_from_a_day_on(home: Path) -> None:
    look(home, min(cast_handles(home).values()))
    assert len(lac("audit", "show", "--home", home, "--since", "2020-01-01").stdout.split("\n")) > 5
    late = lac("audit", "show", "--home", home, "--since", "2999-01-01")
    assert (late.exit_code, len(late.stdout.splitlines())) == (0, 1)


def test_nobody_else_is_shown_it_and_that_is_in_it(home: Path) -> None:
    result = lac("audit", "show", "--home", home, "--role", "teacher")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "cannot open this page" in result.stderr
    assert '"event": "deny"' in lines_of(home)[-1]


def test_a_broken_log_is_shown_and_said_to_be(home: Path) -> None:
    """And nothing in it moves a terminal."""
    look(home, actor="Kim\x1b[2J")
    look(home)
    with log_of(home).open("ab") as file:
        file.write(b'{"event": "view", "actor": "Lee\\u0007"}\nnonsense\n')
    result = lac("audit", "show", "--home", home)
    assert result.exit_code == 0
    assert "This log is broken. See: lac doctor" in result.stderr
    assert "Kim?[2J" in result.stdout
    assert "Lee?" in result.stdout
    assert result.stdout.replace("\n", "").isprintable()
