"""The register of breaches: 72 hours, who was told, and nothing closed too soon."""

from datetime import UTC, date, datetime, timedelta

import pytest

from safeguards.errors import RightsError
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from stewardship.registers.breaches import Breach, Breaches

FOUND = datetime(2026, 3, 27, 16, 30, tzinfo=UTC)  # the clocks go forward two days later
CHILD, OTHER = "0123456789", "9876543210"


@pytest.fixture
def register(home: Home, keys: Keys) -> Breaches:
    return Breaches.open(home, keys)


def opened(register: Breaches) -> Breach:
    return register.add(
        "sent to the wrong person",
        found_at=FOUND,
        pupil_ids=[OTHER, CHILD],
        actor="Sam Hale",
        now=FOUND + timedelta(hours=1),
    )


def test_the_commissioner_is_told_within_72_hours(register: Breaches) -> None:
    """Hours of the clock, over a weekend and a change of the clocks; a minute later is overdue."""
    breach = opened(register)
    assert breach.due_at == datetime(2026, 3, 30, 16, 30, tzinfo=UTC)
    assert "judge the risk, then tell or not, by " in breach.describe_state(breach.due_at)
    assert "overdue since" in breach.describe_state(breach.due_at + timedelta(minutes=1))


def test_it_goes_from_step_to_step_and_stays_on_record(
    register: Breaches, home: Home, keys: Keys
) -> None:
    """Where harm is likely and high, both are told before it can be closed."""
    breach, now = opened(register), FOUND + timedelta(hours=20)
    with pytest.raises(RightsError, match="judge the risk"):
        register.close(breach.breach_id, now=now)
    register.judge(breach.breach_id, "high", now=now)
    register.record_told(breach.breach_id, commissioner=date(2026, 3, 28), now=now)
    with pytest.raises(RightsError, match="tell those whom it touched"):
        register.close(breach.breach_id, now=now)
    register.record_told(breach.breach_id, families=date(2026, 3, 28), now=now)
    register.close(breach.breach_id, now=now)
    (kept,) = Breaches.open(home, keys).list_all()
    assert not kept.is_open
    assert kept.pupil_ids == (CHILD, OTHER)
    with pytest.raises(RightsError, match="closed already"):
        register.judge(breach.breach_id, "likely", now=now)


def test_nobody_need_be_told_where_no_harm_is_likely(register: Breaches) -> None:
    """With a reason; then it can be closed."""
    breach, now = opened(register), FOUND + timedelta(hours=20)
    with pytest.raises(RightsError, match="Say why"):
        register.judge(breach.breach_id, "unlikely", now=now)
    register.judge(breach.breach_id, "unlikely", reason="It came back unopened", now=now)
    register.close(breach.breach_id, now=now)
    assert register.get(breach.breach_id).done_on == date(2026, 3, 28)


@pytest.mark.parametrize("days", [-1, 9])
def test_a_day_that_cannot_be_is_refused(register: Breaches, days: int) -> None:
    """Nobody was told before it was known, or will have been."""
    breach, now = opened(register), FOUND + timedelta(days=2)
    with pytest.raises(RightsError, match="on a day from"):
        register.record_told(
            breach.breach_id, commissioner=FOUND.date() + timedelta(days=days), now=now
        )


def test_a_late_word_to_the_commissioner_needs_a_reason(register: Breaches) -> None:
    """As the law asks of whoever is late."""
    breach, now = opened(register), FOUND + timedelta(days=8)
    with pytest.raises(RightsError, match="say why"):
        register.record_told(breach.breach_id, commissioner=date(2026, 4, 2), now=now)
    told = register.record_told(
        breach.breach_id, commissioner=date(2026, 4, 2), reason="Found after a holiday", now=now
    )
    assert told.told_ico_on == date(2026, 4, 2)


@pytest.mark.parametrize(
    ("kind", "hours", "match"), [("mislaid", 0, "one of these"), ("other", 30, "to come")]
)
def test_what_is_no_breach_is_not_written_down(
    register: Breaches, kind: str, hours: int, match: str
) -> None:
    """A kind of the list, at a moment that has come."""
    with pytest.raises(RightsError, match=match):
        register.add(
            kind, found_at=FOUND + timedelta(hours=hours), pupil_ids=(), actor="a", now=FOUND
        )


def test_an_erased_child_is_taken_out_of_it(register: Breaches) -> None:
    """That it happened stays; one child under two codes is one."""
    breach = opened(register)
    register.replace_pupil_id(OTHER, CHILD)
    register.load()
    assert register.get(breach.breach_id).pupil_ids == (CHILD,)
    register.forget([CHILD])
    register.load()
    assert register.get(breach.breach_id).pupil_ids == ()
