"""A notebook's server: it is one person's, and ends with what lets that person in."""

import stat
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from dashboard.server import notebook
from dashboard.server.notebook import is_still_open
from dashboard.server.sessions import IDLE_TIMEOUT, MAX_SIGN_IN
from safeguards.access import admission
from safeguards.access.admission import Principal
from safeguards.access.people import People
from safeguards.home.home import Home, create_demo
from safeguards.keys.keys import Keys
from tests.support.schools.homes import keys_at
from tests.support.schools.real_home import DEPUTY, phrase_of, real_home


@pytest.fixture
def real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    folder = real_home(tmp_path / "home")
    monkeypatch.setenv("LAC_KEYS", keys_at(folder)["LAC_KEYS"])
    return Home.open(folder)


@pytest.fixture
def person(real: Home) -> Principal:
    return admission.sign_in_with_passphrase(real, DEPUTY, phrase_of(DEPUTY))


def test_it_is_open_while_the_person_is_there(real: Home, person: Principal) -> None:
    """Not longer than a dashboard: without anything from a page, or after so many hours."""
    idle = IDLE_TIMEOUT.total_seconds()
    assert is_still_open(real, person, idle - 1)
    assert not is_still_open(real, person, idle)
    at = person.at - MAX_SIGN_IN
    assert is_still_open(real, replace(person, at=at + timedelta(minutes=1)), 0)
    assert not is_still_open(real, replace(person, at=at), 0)


def test_who_is_let_in_no_more_has_no_notebook(real: Home, person: Principal) -> None:
    keys = Keys.load(real)
    People.load(real, keys).remove(DEPUTY).save(real, keys)
    assert not is_still_open(real, person, 0)


def test_the_cells_process_connects_where_nobody_else_can() -> None:
    """Not at a port, at which whoever came first would be taken for it."""
    with notebook._PrivateListener(family="AF_INET") as listener:
        address = Path(str(listener.address))
        assert stat.S_ISSOCK(address.stat().st_mode)
        assert address.parent.stat().st_mode & 0o077 == 0


def test_a_made_up_schools_stays_open(tmp_path: Path) -> None:
    assert is_still_open(create_demo(tmp_path / "home"), None, 1e9)
