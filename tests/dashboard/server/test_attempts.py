"""Signing in is slowed after failures, for a person and for an address, and never for good."""

from collections.abc import Callable
from itertools import repeat

import pytest

from dashboard.server.attempts import (
    FREE_OF_ADDRESS,
    FREE_OF_FIRST,
    FREE_OF_PERSON,
    LONGEST_WAIT_S,
    MEMORY_S,
    Attempts,
)
from tests.support.clocks import Clock

_DESK, _OTHER = "10.0.0.5", "10.0.0.6"


@pytest.fixture
def attempts(clock: Clock) -> Attempts:
    return Attempts(clock)


@pytest.fixture
def fail(attempts: Attempts) -> Callable[..., list[float]]:
    """Attempts that fail at once; what each had to wait."""

    def tried(count: int, name: str = "R. Lead", address: str = _DESK) -> list[float]:
        return [attempts.begin(*each) for each in repeat((name, address), count)]

    return tried


def test_a_few_slips_cost_nothing(fail: Callable[..., list[float]]) -> None:
    """The next one waits, however the name is written; another person does not."""
    assert fail(FREE_OF_PERSON) == [0.0] * FREE_OF_PERSON
    assert fail(1) == [1.0]
    assert fail(1, "r. lead") == [1.0]
    assert fail(1, "T. Teacher") == [0.0]


def test_the_wait_doubles_up_to_a_minute_and_ends(
    attempts: Attempts, clock: Clock, fail: Callable[..., list[float]]
) -> None:
    """Nobody is locked out for good: after the wait the next one may be made."""
    fail(FREE_OF_PERSON)
    waits = []
    for _ in range(9):
        waits.append(attempts.begin("R. Lead", _DESK))
        clock.now += waits[-1]
        assert attempts.begin("R. Lead", _DESK) == 0.0
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert max(waits) == LONGEST_WAIT_S
    clock.now += MEMORY_S + 1
    assert fail(FREE_OF_PERSON) == [0.0] * FREE_OF_PERSON


def test_what_is_refused_does_not_make_the_wait_longer(
    clock: Clock, fail: Callable[..., list[float]]
) -> None:
    """Whoever asks all the time keeps nobody out by that."""
    fail(FREE_OF_PERSON)
    assert set(fail(1000)) == {1.0}
    clock.now += 1
    assert fail(1) == [0.0]


def test_an_address_is_slowed_whatever_names_it_tries(fail: Callable[..., list[float]]) -> None:
    """A desk may be shared by many, so it has more slips; another desk is not slowed."""
    waits = [fail(1, f"person {number}")[0] for number in range(FREE_OF_ADDRESS + 1)]
    assert waits == [0.0] * FREE_OF_ADDRESS + [1.0]
    assert fail(1, "R. Lead", _OTHER) == [0.0]


def test_a_person_is_slowed_whatever_addresses_try(fail: Callable[..., list[float]]) -> None:
    """Guesses at one name from many desks are guesses at one; the first ten are let through."""
    waits = [fail(1, "R. Lead", f"10.0.1.{number}")[0] for number in range(FREE_OF_FIRST + 1)]
    assert waits == [0.0] * FREE_OF_FIRST + [32.0]


def test_a_colleague_is_in_within_two_minutes_at_her_own_desk(
    attempts: Attempts, clock: Clock
) -> None:
    """One attacker tries once a second for eight hours, and has under 500 guesses in them."""
    guesses, waited, longest, begun = 0, 0, 0, clock.now
    while clock.now < begun + 8 * 3600:
        clock.now += 1
        guesses += attempts.begin("R. Lead", _OTHER) == 0.0
        if clock.now % 20 == 0:
            waited = 0 if attempts.begin("R. Lead", _DESK) == 0.0 else waited + 20
            longest = max(longest, waited)
    assert guesses < 500
    assert longest <= 120


def test_on_one_computer_there_is_no_address(attempts: Attempts) -> None:
    assert [attempts.begin("R. Lead", None) for _ in range(FREE_OF_PERSON + 1)][-1] == 1.0
