"""The access log: on the disk before it counts, one line an event, never a value."""

import json
import os
import random
import stat
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from safeguards.errors import LogError
from safeguards.home import Home, create_demo
from safeguards.log import AccessLog, Event

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
VIEW = Event("view", "M. Carer", "pastoral", page="child", pupil_ids=("0123456789",))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return create_demo(tmp_path / "home", random.Random(1))


@pytest.fixture
def log(home: Home) -> AccessLog:
    return AccessLog(home, clock=lambda: NOON)


def lines(log: AccessLog) -> list[dict[str, object]]:
    text = log.path.read_bytes().decode("ascii")
    assert text.endswith("\n")
    return [json.loads(line) for line in text[:-1].split("\n")]


def test_a_line_says_who_when_what_and_whom(log: AccessLog) -> None:
    log.append(VIEW)
    assert lines(log) == [
        {
            "version": 1,
            "at": "2026-11-20T12:00:00.000+00:00",
            "event": "view",
            "actor": "M. Carer",
            "role": "pastoral",
            "page": "child",
            "pupil_ids": ["0123456789"],
            "purpose": None,
        }
    ]


def test_lines_are_added_never_changed(home: Home, log: AccessLog) -> None:
    log.append(VIEW)
    before = log.path.read_bytes()
    AccessLog(home, clock=lambda: NOON).append(Event("deny", "x", "none", page="children"))
    assert log.path.read_bytes().startswith(before)
    assert [line["event"] for line in lines(log)] == ["view", "deny"]


def test_time_is_written_as_utc(home: Home) -> None:
    summer = NOON.replace(tzinfo=timezone(timedelta(hours=1)))
    log = AccessLog(home, clock=lambda: summer)
    log.append(VIEW)
    assert lines(log)[0]["at"] == "2026-11-20T11:00:00.000+00:00"


def test_a_clock_without_a_zone_is_a_bug(home: Home) -> None:
    with pytest.raises(ValueError, match="time zone"):
        AccessLog(home, clock=lambda: NOON.replace(tzinfo=None)).append(VIEW)


def test_the_real_clock_knows_its_zone(home: Home) -> None:
    log = AccessLog(home)
    log.append(VIEW)
    assert str(lines(log)[0]["at"]).endswith("+00:00")


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


@pytest.mark.parametrize("call", ["open", "write", "fsync"])
def test_a_disk_that_fails_is_a_log_error(
    log: AccessLog, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, call, fail)
    with pytest.raises(LogError, match="No space left"):
        log.append(VIEW)


def test_half_a_line_is_an_error_and_does_not_spoil_the_next(
    log: AccessLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda descriptor, line: write(descriptor, line[:30]))
        with pytest.raises(LogError, match="half of the line"):
            log.append(VIEW)
    log.append(VIEW)
    half, whole = log.path.read_text().splitlines()
    assert len(half) == 30
    assert json.loads(whole)["event"] == "view"


def test_every_line_is_synced_before_it_counts(
    log: AccessLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    fsync = os.fsync

    def note(descriptor: int) -> None:
        synced.append(os.fstat(descriptor).st_size)
        fsync(descriptor)

    log.append(VIEW)
    monkeypatch.setattr(os, "fsync", note)
    log.append(VIEW)
    assert synced == [log.path.stat().st_size]


@pytest.mark.skipif(os.name != "posix", reason="modes and links are POSIX")
def test_the_log_is_for_its_owner_and_follows_no_link(home: Home, log: AccessLog) -> None:
    log.append(VIEW)
    assert stat.S_IMODE(log.path.stat().st_mode) == 0o600
    log.path.rename(home.log / "elsewhere")
    log.path.symlink_to(home.log / "elsewhere")
    with pytest.raises(LogError):
        log.append(VIEW)
