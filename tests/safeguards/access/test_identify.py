"""Who a child is: for the lead only, for a reason that is on the disk first, and not for long."""

import dataclasses
import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard.ui import identity, lists
from safeguards.access import access, identify, name_cards
from safeguards.access.access import Denied
from safeguards.access.identify import Identity, IdentityRefused, MonthOfLooks
from safeguards.errors import LogError, PassphraseError
from safeguards.home.home import Home
from safeguards.journal.access_log import AccessLog, Event, get_utc_now
from safeguards.keys.key_ring import unlock_identities
from safeguards.keys.keys import Keys
from safeguards.keys.passphrase import DEMO_PASSPHRASE
from safeguards.vault.vault import Vault
from synthetic.cast.cast import CAST
from tests.support.clocks import Clock
from tests.support.schools.homes import cast_handles, demo_home, exports, keys_at, read_log
from tests.support.web.site import read_values, switch_page

REASON = "Call the hospital back about an operation"
RUBY = next(member for member in CAST if member.person.forename == "Ruby")
_APP = str(Path(dashboard.__file__).with_name("app.py"))


#: When the first is opened.
BEGAN = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made_at = demo_home(tmp_path / "home")
    monkeypatch.setenv("LAC_KEYS", keys_at(made_at)["LAC_KEYS"])
    monkeypatch.setenv("LAC_HOME", str(made_at))
    monkeypatch.delenv("LAC_AS_AT", raising=False)
    return made_at


@pytest.fixture
def ruby(folder: Path) -> str:
    return cast_handles(folder)["Ruby"]


def session(folder: Path, role: str = "dsl", actor: str = "lead") -> access.Session:
    return access.open(folder, actor=actor, role=role, purpose="test")


def opened(folder: Path, handle: str, clock: Clock | None = None, **other: Any) -> Identity:
    """Opened as it should be, but for what the test says."""
    options = {
        "reason": REASON,
        "passphrase": DEMO_PASSPHRASE,
        "clock": clock or Clock(BEGAN),
        **other,
    }
    of = options.pop("of", None) or session(folder)
    return identify.identify(of, handle, **options)


# The way in


def test_the_lead_sees_who_it_is_and_whom_to_call(folder: Path, ruby: str) -> None:
    clock = Clock(BEGAN)
    found = opened(folder, ruby, clock)
    assert found.values["upn"] == RUBY.upn
    assert (found.values["forename"], found.values["surname"]) == (
        RUBY.person.forename,
        RUBY.person.surname,
    )
    assert found.values["date_of_birth"]
    assert found.values["address"]
    rows = pl.read_csv(exports() / "contacts.csv", infer_schema_length=0).filter(upn=RUBY.upn)
    assert [each["phone"] for each in found.contacts] == rows["phone"].to_list()
    assert found.until == clock.now + timedelta(minutes=10)
    assert RUBY.person.surname not in repr(found)


def test_the_line_is_on_the_disk_before_the_record_is_opened(
    folder: Path, ruby: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[dict[str, Any]] = []

    def look(_self: Vault, pupil_id: str, _key: object) -> dict[str, str]:
        seen.append(read_log(folder)[-1])
        return {"pupil_id": pupil_id}

    monkeypatch.setattr(Vault, "open_identity", look)
    found = opened(folder, ruby)
    (line,) = seen
    assert (line["event"], line["actor"], line["role"]) == ("identify", "lead", "dsl")
    assert (line["pupil_ids"], line["purpose"]) == ([found.pupil_id], REASON)


def test_without_a_line_nothing_is_opened(
    folder: Path, ruby: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = session(folder)

    def full(*_: object) -> None:
        raise LogError("full")

    def never(*_: object) -> None:
        raise AssertionError("opened without a line")

    monkeypatch.setattr(AccessLog, "append", full)
    monkeypatch.setattr(Vault, "open_identity", never)
    monkeypatch.setattr(Vault, "open_contacts", never)
    with pytest.raises(LogError):
        opened(folder, ruby, of=of)


def test_what_is_refused_opens_nothing(folder: Path, ruby: str) -> None:
    """Every other role even with the passphrase, a reason too short, a wrong passphrase.

    Each but the reason is a line, which holds no word of what was typed.
    """
    for role in ("pastoral", "teacher", "head", "manager", "none"):
        with pytest.raises(Denied):
            opened(folder, ruby, of=session(folder, role))
        last = read_log(folder)[-1]
        assert (last["event"], last["role"], last["purpose"]) == ("deny", role, "identify")
    of = session(folder)
    for reason in ("", "short", "too short", "  a   b  c  d ", "\n" * 20):
        with pytest.raises(IdentityRefused, match="10 characters"):
            opened(folder, ruby, of=of, reason=reason)
    assert read_log(folder)[-1]["event"] == "open"
    with pytest.raises(PassphraseError):
        opened(folder, ruby, of=of, passphrase="five words that are wrong")
    last = read_log(folder)[-1]
    assert (last["event"], last["purpose"]) == ("deny", "identify: wrong passphrase")
    assert b"five words" not in (folder / "log" / "access.jsonl").read_bytes()
    for handle in ("no such", "", "0123456789", "' or 1=1 --"):
        with pytest.raises(IdentityRefused, match="no child with this code name"):
            opened(folder, handle, of=of)
    assert opened(folder, ruby, of=of, reason="ten signs!")


def test_ten_an_hour_each(folder: Path, ruby: str) -> None:
    """The eleventh waits until the first is an hour old; another person has their own ten."""
    clock = Clock(BEGAN)
    for _ in range(identify.MAX_PER_HOUR):
        opened(folder, ruby, clock)
        clock.now += timedelta(minutes=5)
    with pytest.raises(IdentityRefused, match="most"):
        opened(folder, ruby, clock)
    assert read_log(folder)[-1]["purpose"] == "identify: too many in an hour"
    assert opened(folder, ruby, clock, of=session(folder, actor="deputy"))
    clock.now += timedelta(minutes=10, milliseconds=-1)
    with pytest.raises(IdentityRefused):
        opened(folder, ruby, clock)
    clock.now += timedelta(milliseconds=2)
    assert opened(folder, ruby, clock)


def test_twenty_at_once_are_ten(folder: Path, ruby: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests that count before anybody has logged a line cannot pass the limit together."""
    of, unlock = session(folder), unlock_identities

    def unlock_slowly(*arguments: Any) -> Any:
        time.sleep(0.02)
        return unlock(*arguments)

    def is_opened(_: int) -> bool:
        try:
            return opened(folder, ruby, of=of).handle == ruby
        except IdentityRefused:
            return False

    monkeypatch.setattr(identify, "unlock_identities", unlock_slowly)
    with ThreadPoolExecutor(20) as threads:
        assert sum(threads.map(is_opened, range(20))) == identify.MAX_PER_HOUR
    assert [line["event"] for line in read_log(folder)].count("identify") == identify.MAX_PER_HOUR


def test_a_clock_that_was_put_ahead_gives_no_more_and_then_none(folder: Path, ruby: str) -> None:
    """Ten more two hours ahead are all there are: once it is right again, they lie ahead of it."""
    clock = Clock(BEGAN)
    clock.now += timedelta(hours=2)
    opened(folder, ruby, clock)
    clock.now -= timedelta(hours=2)
    with pytest.raises(IdentityRefused, match="set back"):
        opened(folder, ruby, clock)
    clock.now += timedelta(hours=2)
    assert opened(folder, ruby, clock)


# What the Headteacher sees


def test_the_head_sees_how_often_and_by_whom(folder: Path, ruby: str) -> None:
    clock = Clock(BEGAN)
    mason = cast_handles(folder)["Mason"]
    for handle, actor, days in ((ruby, "lead", 0), (mason, "lead", 0), (ruby, "deputy", 0),
                                (ruby, "lead", 2)):  # fmt: skip
        clock.now += timedelta(days=days)
        opened(folder, handle, clock, of=session(folder, actor=actor))
    log = AccessLog(Home.open(folder), Keys.load(Home.open(folder)), clock)
    for event, actor in (("names", "tutor"), ("names", "tutor"), ("names", "lead"), ("deny", "x")):
        log.append(Event(event, actor, "pastoral", "children"))
    head = session(folder, "head")
    assert identify.count_by_month(head) == [
        MonthOfLooks("2026-12", "lead", 1, 1),
        MonthOfLooks("2026-12", "tutor", 0, 2),
        MonthOfLooks("2026-11", "deputy", 1, 0),
        MonthOfLooks("2026-11", "lead", 2, 0),
    ]
    assert identify.is_log_whole(head)
    for role in ("dsl", "pastoral", "teacher", "manager", "none"):
        with pytest.raises(Denied):
            identify.count_by_month(session(folder, role))


def test_a_changed_log_is_told_and_breaks_no_page(folder: Path, ruby: str) -> None:
    opened(folder, ruby)
    head = session(folder, "head")
    path = folder / "log" / "access.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"at": "2026-11-30', b'"at": "yesterday!'))
    assert identify.count_by_month(head) == []
    assert not identify.is_log_whole(head)


# The pages


def page(role: str, name: str, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("LAC_ROLE", role)
    app_test = AppTest.from_file(_APP, default_timeout=60).run()
    return switch_page(app_test, name).run()


def open_child(site: AppTest, folder: Path, handle: str) -> None:
    children = session(folder).read("select handle, pupil_id from cohort_member")
    address = site.session_state["session"].get_address(dict(children.iter_rows())[handle])
    site.query_params[lists.ADDRESS] = address
    site.run()


def text_of(site: AppTest) -> str:
    assert not site.exception, [error.value for error in site.exception]
    kinds = ("title", "header", "subheader", "markdown", "text", "error", "warning")
    return "\n".join(map(str, read_values(site, *kinds)))


def submit(site: AppTest, reason: str, passphrase: str) -> str:
    fields = {field.label: field for field in site.text_input}
    fields["Your reason (no names)"].set_value(reason)
    fields["Your passphrase"].set_value(passphrase)
    next(b for b in site.button if b.label == "Open the identity").click().run()
    return text_of(site)


def is_open(site: AppTest) -> bool:
    """Whether the child is told, of whom nothing is kept for the page otherwise."""
    is_told = RUBY.person.surname in text_of(site)
    assert is_told == (identity.KEY in site.session_state)
    return is_told


def test_the_child_page_opens_an_identity_and_hides_it(
    folder: Path, ruby: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a click, after ten minutes, with the page, the child or the role."""
    site = page("dsl", "child", monkeypatch)
    open_child(site, folder, ruby)
    assert not is_open(site)
    assert DEMO_PASSPHRASE in text_of(site)
    assert "at least 10 characters" in submit(site, "short", DEMO_PASSPHRASE)
    assert "not the passphrase" in submit(site, REASON, "five words that are wrong")
    assert "five words that are wrong" not in str(site.session_state)
    assert not is_open(site)
    shown = submit(site, REASON, DEMO_PASSPHRASE)
    for text in (f"Surname: {RUBY.person.surname}", "Contact 1: ", "Hidden again in 10 minutes"):
        assert text in shown
    assert "Date of birth: 19 January 2017" in shown
    assert read_log(folder)[-1]["event"] == "identify"
    assert DEMO_PASSPHRASE not in str(site.session_state)
    next(b for b in site.button if b.label == "Hide").click().run()
    assert not is_open(site)
    other = next(handle for handle in cast_handles(folder).values() if handle != ruby)

    def wait() -> None:
        held = site.session_state[identity.KEY]
        until = held.until - timedelta(minutes=10)
        site.session_state[identity.KEY] = dataclasses.replace(held, until=until)
        site.run()

    for leave in (
        wait,
        lambda: switch_page(site, "today").run(),
        lambda: open_child(site, folder, other),
        lambda: site.selectbox(key="role").set_value("teacher").run(),
    ):
        submit(site, REASON, DEMO_PASSPHRASE)
        assert is_open(site)
        leave()
        assert not is_open(site)
        if site.session_state["session"].role == "dsl":
            switch_page(site, "child")
            open_child(site, folder, ruby)
            assert not is_open(site)
    assert not [field for field in site.text_input if field.label == "Your passphrase"]


def test_the_heads_page_counts_without_children(
    folder: Path, ruby: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody else has it."""
    with pytest.raises(Denied):
        session(folder).enter("opened")
    site = page("head", "opened", monkeypatch)
    assert "Nobody has looked up a child's name" in text_of(site)
    name_cards.open_name_cards(session(folder, "pastoral", actor="staff"))
    opened(folder, ruby, of=session(folder, actor="*lead*"))
    site.run()
    assert "may be wrong" not in text_of(site)
    (listing,) = (each for each in read_values(site, "html") if each.startswith("<table"))
    shown = f"{get_utc_now():%B %Y}"
    assert re.findall(r"<td[^>]*>(.*?)</td>", listing) == [
        *(shown, "staff", "0", "1"),
        *("November 2026", "*lead*", "1", "0"),
    ]
    for word in ruby.split():
        assert word not in text_of(site)
