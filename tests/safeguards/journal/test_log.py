"""The access log: on the disk before it counts, one line an event, never a value."""

import json
import os
import random
import stat
from collections.abc import Generator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from unittest.mock import ANY

import pytest

from safeguards.errors import LogError
from safeguards.home.home import Home, create_demo
from safeguards.journal import journal as journal_module
from safeguards.journal.access_log import AccessLog, Event, PageView
from safeguards.keys.keys import Keys
from tests.support.schools.homes import keys_at

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
VIEW = Event("view", "M. Carer", "pastoral", page="child", pupil_ids=("0123456789",))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return create_demo(tmp_path / "home", random.Random(1))


@pytest.fixture
def keys(home: Home) -> Keys:
    return Keys.create(home, keys_at(home.folder))


@pytest.fixture
def log(home: Home, keys: Keys) -> AccessLog:
    return AccessLog(home, keys, clock=lambda: NOON)


def lines(log: AccessLog) -> list[dict[str, object]]:
    text = log.path.read_bytes().decode("ascii")
    assert text.endswith("\n")
    return [json.loads(line) for line in text[:-1].split("\n")]


def test_a_line_says_who_when_what_and_whom(log: AccessLog) -> None:
    log.append(VIEW)
    assert lines(log) == [
        {
            "at": "2026-11-20T12:00:00.000+00:00",
            "event": "view",
            "actor": "M. Carer",
            "role": "pastoral",
            "page": "child",
            "pupil_ids": ["0123456789"],
            "purpose": None,
            "number": 1,
            "after": "0" * 64,
            "mac": ANY,
        }
    ]


def test_time_is_written_as_utc(home: Home, keys: Keys) -> None:
    summer = NOON.replace(tzinfo=timezone(timedelta(hours=1)))
    log = AccessLog(home, keys, clock=lambda: summer)
    log.append(VIEW)
    assert lines(log)[0]["at"] == "2026-11-20T11:00:00.000+00:00"


@pytest.mark.parametrize(
    "nasty",
    ["a\nb", "a\r\nb", "\x00\x1b[2J", "\x7f", "\x85", "\u2028", "\u202e", "\ud800", '"}\n{"'],
)
def test_nothing_typed_makes_a_second_line_or_moves_a_terminal(log: AccessLog, nasty: str) -> None:
    log.append(Event("view", nasty, nasty, page=nasty, purpose=nasty))
    content = log.path.read_bytes()
    assert content.count(b"\n") == 1
    assert all(0x20 <= byte < 0x7F for byte in content[:-1])
    assert [lines(log)[0][name] for name in ("actor", "role", "page", "purpose")] == [nasty] * 4


def test_a_long_text_is_cut_so_that_a_refusal_is_still_logged(log: AccessLog) -> None:
    log.append(Event("deny", "a" * 10_000, "r" * 10_000, page="p" * 10_000, purpose="w" * 10_000))
    line = lines(log)[0]
    assert [len(str(line[name])) for name in ("actor", "role", "page", "purpose")] == [200] * 4


@pytest.mark.parametrize("value", ["A001999926001", "copper lantern", "Zebedee", "", "012345678I"])
def test_only_a_pseudonym_names_a_child(value: str) -> None:
    with pytest.raises(ValueError, match="pupil_id only") as caught:
        Event("view", "x", "dsl", pupil_ids=(value,))
    assert not value or value not in str(caught.value)


@pytest.mark.parametrize("event", ["", "View", "view child", "view\n"])
def test_an_event_is_one_word(event: str) -> None:
    with pytest.raises(ValueError, match="one word"):
        Event(event, "x", "dsl")


def test_no_log_no_view(log: AccessLog) -> None:
    log.path.mkdir()
    with pytest.raises(LogError, match="nothing is shown"):
        log.append(VIEW)


def test_every_line_is_synced_before_its_head_and_both_before_it_counts(
    keys: Keys, log: AccessLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    fsync = os.fsync

    def note(descriptor: int) -> None:
        synced.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)
        fsync(descriptor)

    log.append(VIEW)
    monkeypatch.setattr(os, "fsync", note)
    log.append(VIEW)
    assert synced == ["access.jsonl", "heads.json.new", keys.folder.name]
    assert keys.heads.get("access.jsonl") == (f"2 {lines(log)[-1]['mac']}",)


@pytest.mark.skipif(os.name != "posix", reason="modes and links are POSIX")
def test_the_log_is_for_its_owner_and_follows_no_link(home: Home, log: AccessLog) -> None:
    log.append(VIEW)
    assert stat.S_IMODE(log.path.stat().st_mode) == 0o600
    log.path.rename(home.log / "elsewhere")
    log.path.symlink_to(home.log / "elsewhere")
    with pytest.raises(LogError):
        log.append(VIEW)


# When somebody last looked

MONDAY = date(2026, 11, 23)
TODAY = Event("view", "M. Carer", "pastoral", page="today")


def note(home: Home, keys: Keys, event: Event, at: datetime) -> None:
    AccessLog(home, keys, clock=lambda: at).append(event)


def last(log: AccessLog, before: date = MONDAY) -> datetime | None:
    return log.find_last_view("M. Carer", "today", before=before)


def test_the_last_look_is_the_newest_one_before_the_day(
    home: Home, keys: Keys, log: AccessLog
) -> None:
    looks = [NOON, NOON + timedelta(days=2), NOON + timedelta(days=3)]
    for at in looks:
        note(home, keys, TODAY, at)
    assert last(log) == looks[1]
    assert last(log, date(2026, 11, 24)) == looks[2]
    assert last(log, date(2026, 11, 22)) == looks[0]
    assert last(log, date(2026, 11, 20)) is None


def test_a_day_begins_at_midnight_of_utc(home: Home, keys: Keys, log: AccessLog) -> None:
    """An hour past midnight by summer time is still the day before."""
    late = datetime(2026, 11, 23, 0, 59, tzinfo=timezone(timedelta(hours=1)))
    note(home, keys, TODAY, late)
    assert last(log) == late
    note(home, keys, TODAY, late + timedelta(minutes=1))
    assert last(log) == late


@pytest.mark.parametrize("block", [1, 7, 100, 1 << 18])
def test_it_is_found_however_the_log_is_cut_into_blocks(
    home: Home, keys: Keys, log: AccessLog, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(journal_module, "_BLOCK", block)
    note(home, keys, TODAY, NOON)
    for minute in range(30):
        note(home, keys, VIEW, NOON + timedelta(minutes=minute))
    assert last(log) == NOON
    with closing(log.read_newest_first()) as found:
        assert list(found)[:0:-1] == log.path.read_bytes().split(b"\n")[:-1]


def test_only_as_much_is_read_as_is_needed(
    home: Home, keys: Keys, log: AccessLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lines before the newest look are left alone."""
    monkeypatch.setattr(journal_module, "_BLOCK", 300)
    note(home, keys, VIEW, NOON)
    note(home, keys, TODAY, NOON)
    seen: list[bytes] = []
    read = log.read_newest_first

    def noted() -> Generator[bytes, None, None]:
        for line in read():
            seen.append(line)
            yield line

    monkeypatch.setattr(log, "read_newest_first", noted)
    assert last(log) == NOON
    assert len(seen) == 2


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b'{"version": 1, "at": "2026-11-20T12:00:00.000+00:00", "actor": "M. Carer", "page": "tod',
        b'["M. Carer", "today"]',
        b'{"event": "view", "actor": "M. Carer", "page": "today"}',
        b'{"event": "view", "actor": "M. Carer", "page": "today", "at": null}',
        b'{"event": "view", "actor": "M. Carer", "page": "today", "at": "yesterday"}',
        b'{"event": "view", "actor": "x", "page": "M. Carer", "purpose": "today", "at": "2026"}',
        b'\xff\xfe\x00 "M. Carer" "today"',
    ],
)
def test_a_line_that_is_no_whole_record_says_nothing(log: AccessLog, line: bytes) -> None:
    whole = b'{"event": "view", "actor": "M. Carer", "page": "today", "at": "2026-11-20T12:00Z"}'
    for lines_ in ([line], [whole, line]):
        log.path.write_bytes(b"".join(each + b"\n" for each in lines_))
        assert last(log) == (NOON if whole in lines_ else None)


def test_an_actor_is_known_again_however_long_and_odd(
    home: Home, keys: Keys, log: AccessLog
) -> None:
    """The log cuts a long name and escapes an odd one; nobody is taken for somebody else."""
    for actor in ("a" * 300, 'q"\u00e9\n', "M. Carer"):
        note(home, keys, Event("view", actor, "dsl", page="today"), NOON)
        assert log.find_last_view(actor, "today", before=MONDAY) == NOON
    assert log.find_last_view("M. Care", "today", before=MONDAY) is None
    assert log.find_last_view("m. carer", "today", before=MONDAY) is None


def test_without_a_log_nobody_has_looked_and_an_unreadable_one_is_an_error(log: AccessLog) -> None:
    assert last(log) is None
    log.path.mkdir()
    with pytest.raises(LogError, match="cannot be read"):
        last(log)


# Who has looked at a child

CHILD = VIEW.pupil_ids[0]


def test_looks_are_one_a_day_person_and_role_newest_first(
    home: Home, keys: Keys, log: AccessLog
) -> None:
    tuesday = NOON + timedelta(days=4)
    for at, actor, role in (
        (NOON, "Sam", "dsl"),
        (NOON + timedelta(hours=2), "Sam", "dsl"),
        (tuesday, "Sam", "dsl"),
        (tuesday, "Kim", "teacher"),
        (tuesday, "Kim", "dsl"),
    ):
        note(home, keys, Event("view", actor, role, page="child", pupil_ids=(CHILD,)), at)
    on_tuesday = [("Kim", "dsl"), ("Kim", "teacher"), ("Sam", "dsl")]
    tuesdays = tuple(PageView(tuesday.date(), actor, role) for actor, role in on_tuesday)
    assert log.find_views(CHILD, since=NOON.date()) == (
        *tuesdays,
        PageView(NOON.date(), "Sam", "dsl"),
    )
    assert log.find_views(CHILD, since=NOON.date() + timedelta(days=1)) == tuesdays
    assert log.find_views(CHILD, since=tuesday.date() + timedelta(days=1)) == ()


def test_a_look_is_a_view_of_that_child_alone(home: Home, keys: Keys, log: AccessLog) -> None:
    """Not a denial, not another child's, not somebody who is called like the child."""
    for event in (
        Event("deny", "x", "none", page="child", pupil_ids=(CHILD,)),
        Event("audit", "x", "dsl", page="audit", pupil_ids=(CHILD,)),
        Event("view", "x", "dsl", page="child", pupil_ids=("ABCDEFGHJK",)),
        Event("view", CHILD, "dsl", page="child"),
    ):
        note(home, keys, event, NOON)
    with log.path.open("ab") as file:
        file.write(f'["{CHILD}"]\n{{"event": "view", "pupil_ids": ["{CHILD}"'.encode())
    assert log.find_views(CHILD, since=NOON.date()) == ()


def test_records_pass_over_what_is_none(log: AccessLog) -> None:
    assert list(log.read_records()) == []
    log.append(VIEW)
    with log.path.open("ab") as file:
        file.write(b'not a line\n["a list"]\n{"event": "view"}\n{"event": "vi')
    assert [record["event"] for record in log.read_records()] == ["view", "view"]
