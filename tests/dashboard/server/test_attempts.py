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
    add_known,
    is_known,
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


def test_a_browser_that_is_known_is_not_slowed_by_others(
    attempts: Attempts, fail: Callable[..., list[float]]
) -> None:
    """Nor by others at its own address; its own slips count, until somebody signs in there."""
    fail(FREE_OF_PERSON)
    assert fail(1) == [1.0]
    known = [attempts.begin("R. Lead", _DESK, is_known=True) for _ in range(FREE_OF_PERSON + 1)]
    assert known == [0.0] * FREE_OF_PERSON + [1.0]
    attempts.reset("R. Lead", _DESK)
    assert attempts.begin("R. Lead", _DESK, is_known=True) == 0.0


def test_a_browser_is_known_by_a_proof_that_only_the_home_can_make() -> None:
    """For each person who has signed in with it, the last twenty of them, and for no other."""
    key, names = b"k" * 32, [f"P. {number}" for number in range(25)]
    kept = ""
    for name in names:
        kept = add_known(key, kept, name)
    assert [is_known(key, kept, name) for name in names] == [False] * 5 + [True] * 20
    assert is_known(key, kept, "p. 24")
    assert add_known(key, kept, "P. 24") == kept
    for other in ("", ".", kept.replace(kept[-1], "0" if kept[-1] != "0" else "1"), "é"):
        assert not is_known(key, other, "P. 24")
    assert not is_known(b"x" * 32, kept, "P. 24")


@pytest.mark.parametrize("morning", ["a restart", "a new laptop", "a shared address"])
def test_a_colleague_is_in_within_two_minutes(
    attempts: Attempts, clock: Clock, morning: str
) -> None:
    """One attacker tries once a second for eight hours, and has under 500 guesses in them.

    After a restart her browser is known; the laptop is new, at an address of its own; where the
    address is shared with the attacker, who tries names that nobody has, her browser is known.
    """
    guesses, waited, longest, begun = 0, 0, 0, clock.now
    name = "N. Obody" if morning == "a shared address" else "R. Lead"
    while clock.now < begun + 8 * 3600:
        clock.now += 1
        guesses += attempts.begin(name, _OTHER) == 0.0
        if clock.now % 20 == 0:
            desk = _OTHER if morning == "a shared address" else _DESK
            is_let = attempts.begin("R. Lead", desk, is_known=morning != "a new laptop") == 0.0
            waited = 0 if is_let else waited + 20
            longest = max(longest, waited)
    assert guesses < 500
    assert longest <= 120


def test_on_one_computer_there_is_no_address(attempts: Attempts) -> None:
    assert [attempts.begin("R. Lead", None) for _ in range(FREE_OF_PERSON + 1)][-1] == 1.0
