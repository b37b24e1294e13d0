"""The register of requests: due days, decisions with their reasons."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from safeguards.errors import RightsError, SealedLinesError
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from stewardship.registers.requests import KINDS, Register, Request, add_months

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
CHILD = "0A1B2C3D4E"


@pytest.fixture
def register(home: Home, keys: Keys) -> Register:
    return Register.open(home, keys)


def asked(register: Register, kind: str = "access", **changes: Any) -> Request:
    options = {
        "received_on": date(2026, 11, 2),
        "requester": "carer",
        "actor": "Quillfeather",
        "now": NOW,
        "identity": "known to the office",
        **changes,
    }
    return register.add(kind, CHILD, **options)


def test_a_step_with_a_field_that_none_has_is_refused(register: Register) -> None:
    """It is not read as if the field were not there."""
    request_id = asked(register).request_id
    register.append_steps({"request_id": request_id, "colour": "blue"})
    with pytest.raises(SealedLinesError, match=r"unknown field `colour`.*Update lac-monitor"):
        register.list_all()


# The day it is due


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-11-02", "2026-12-02"),
        ("2026-01-31", "2026-02-28"),
        ("2024-01-31", "2024-02-29"),
        ("2024-02-29", "2024-03-29"),
        ("2025-12-31", "2026-01-31"),
        ("2026-08-31", "2026-09-30"),
    ],
)
def test_it_is_due_in_one_calendar_month(register: Register, received: str, due: str) -> None:
    """The same day of the next month, or that month's last where it has no such day."""
    request = asked(register, received_on=date.fromisoformat(received))
    assert request.due_on == date.fromisoformat(due)


def test_three_months_are_counted_from_the_day_it_arrived() -> None:
    """Not from a due day that a short month had cut."""
    assert add_months(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert add_months(date(2026, 12, 31), 3) == date(2027, 3, 31)


def test_it_is_put_off_once_in_time_and_with_a_reason(register: Register) -> None:
    request = asked(register)
    with pytest.raises(RightsError, match="Give the reason"):
        register.extend(request.request_id, " ", now=NOW)
    later = register.extend(request.request_id, "three schools hold papers", now=NOW)
    assert (later.due_on, later.extended_because) == (date(2027, 2, 2), "three schools hold papers")
    with pytest.raises(RightsError, match="once"):
        register.extend(request.request_id, "again", now=NOW)
    late = asked(register, received_on=date(2026, 10, 1))
    with pytest.raises(RightsError, match="Too late"):
        register.extend(late.request_id, "busy", now=NOW)


# Decisions


@pytest.mark.parametrize("kind", KINDS)
def test_only_erase_and_object_may_be_refused(register: Register, kind: str) -> None:
    """And never without saying why."""
    request = asked(register, kind)
    with pytest.raises(RightsError, match=r"Give the reason|cannot be refused"):
        register.close(request.request_id, "refused", now=NOW)
    if kind in ("erase", "object"):
        closed = register.close(
            request.request_id, "refused", reason="the law says to keep it", now=NOW
        )
        assert (closed.decision, closed.reason) == ("refused", "the law says to keep it")
        assert closed.done_on == date(2026, 11, 20)
    else:
        with pytest.raises(RightsError, match=f"to {kind} cannot be refused"):
            register.close(request.request_id, "refused", reason="no", now=NOW)
        assert register.get(request.request_id).is_open


def test_nothing_is_granted_before_it_is_known_who_asks(register: Register) -> None:
    request = asked(register, identity=None)
    with pytest.raises(RightsError, match="who is asking"):
        register.close(request.request_id, "granted", now=NOW)
    register.record_identity_check(request.request_id, "passport seen", actor="Kim")
    closed = register.close(request.request_id, "granted", now=NOW)
    assert (closed.identity_checked, closed.identity_checked_by) == ("passport seen", "Kim")


def test_a_closed_request_stays_as_it_is(register: Register) -> None:
    request = asked(register)
    register.close(request.request_id, "withdrawn", now=NOW)
    again: Callable[[], object]
    for again in (
        lambda: register.close(request.request_id, "granted", now=NOW),
        lambda: register.record_identity_check(request.request_id, "seen", actor="Kim"),
    ):
        with pytest.raises(RightsError, match="already closed"):
            again()


@pytest.mark.parametrize(
    "changes",
    [{"kind": "portability"}, {"requester": "Mrs Example"}, {"received_on": date(2026, 11, 22)}],
)
def test_what_no_list_knows_is_not_registered(register: Register, changes: dict[str, Any]) -> None:
    with pytest.raises(RightsError):
        asked(register, **changes)
    assert register.list_all() == ()


# On the disk


def test_it_comes_back_as_it_was(home: Home, keys: Keys, register: Register) -> None:
    one, other = asked(register), asked(register, "erase", identity=None)
    decided = register.close(one.request_id, "granted", now=NOW)
    assert Register.open(home, keys).list_all() == (decided, other)
