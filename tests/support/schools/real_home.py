"""A school's real home for tests: made-up children under numbers of a real authority.

The numbers are worked out when a test runs, so that none stands in a file; nobody in it is
real.
"""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dashboard.server import attempts, sessions
from dashboard.server.sessions import ActiveSignIns
from dashboard.ui import tab
from intake.check.upn import compute_check_letter
from intake.publish.load import Load
from safeguards.access import admission
from safeguards.access.people import People, Person
from safeguards.access.settings import Settings
from safeguards.home.home import Home, create_real
from safeguards.keys import passphrase
from safeguards.keys.keys import Keys
from tests.support.schools.homes import NOW, UNTIL, copy_made, exports, keys_at, make_once

#: Who is there, by role; "none" is nobody who is listed.
PEOPLE = {
    "pastoral": "P. Astoral",
    "dsl": "R. Lead",
    "teacher": "T. Teacher",
    "head": "H. Head",
    "manager": "M. Manager",
}
DEPUTY = "S. Deputy"
LEAD = PEOPLE["dsl"]

#: The session of a browser that came by the link.
BROWSER = "the browser that came by the link"

_UPN = re.compile(r"\b[A-HJ-NP-RT-Z]001(\d{9})\b|\b[A-HJ-NP-RT-Z]001(\d{8}[A-HJ-NP-RT-Z])\b")
_AUTHORITY = "201"

#: What a guess at a passphrase costs in the product, before a test makes it cheaper.
_COST = {name: getattr(passphrase, name) for name in ("MEMORY_KIB", "ITERATIONS", "LANES")}


@contextmanager
def at_full_cost() -> Iterator[None]:
    """Let a passphrase cost what it does in the product, for a home that another process opens."""
    with pytest.MonkeyPatch.context() as patch:
        for name, cost in _COST.items():
            patch.setattr(passphrase, name, cost)
        yield


def phrase_of(name: str) -> str:
    """The passphrase of a person here."""
    return f"the five words of {name}"


def real_home(folder: Path, *, children: int = 4, years: int = 1) -> Path:
    """A loaded home at `folder`; its keys are where `homes.keys_at` says."""
    name = f"real-{children}-{years}-{passphrase.MEMORY_KIB}"  # a passphrase is tried at one cost
    return copy_made(make_once(name, lambda root: _make(root, children, years)), folder)


def at_one_browser(folder: Path, monkeypatch: pytest.MonkeyPatch, presences: ActiveSignIns) -> None:
    """Pages of this process show this home to BROWSER; AppTest has none, so it is told which."""
    monkeypatch.setenv("LAC_KEYS", keys_at(folder)["LAC_KEYS"])
    monkeypatch.setenv("LAC_HOME", str(folder))
    monkeypatch.setenv("LAC_ROLE", "dsl")  # which a real home takes no notice of
    monkeypatch.delenv("LAC_AS_AT", raising=False)
    # whenever the tests run
    monkeypatch.setattr(Home, "find_default_day", lambda home, _: None if home.is_demo else UNTIL)
    monkeypatch.setattr(tab, "read_visitor_cookie", lambda *_: BROWSER)
    monkeypatch.setattr(tab, "_renew_cookie", lambda visitor: visitor)  # nobody fetches one
    monkeypatch.setattr(sessions, "ACTIVE_SIGN_INS", presences)
    monkeypatch.setattr(attempts, "ATTEMPTS", attempts.Attempts())
    monkeypatch.setattr(attempts, "find_address", lambda: None)


def real_exports(children: int = 4, years: int = 1) -> Path:
    """The exports of a made-up school, each UPN with the number of a real authority.

    Read them, do not write to them.
    """

    def make(folder: Path) -> None:
        shutil.copytree(exports(7, children, years), folder, dirs_exist_ok=True)
        move_upns(folder)

    return make_once(f"real-exports-{children}-{years}", make)


def move_upns(folder: Path) -> None:
    """Give each made-up UPN in the files of a folder the number of a real authority."""
    for path in folder.rglob("*.csv"):
        text = path.read_text(encoding="utf-8")
        path.write_text(_UPN.sub(_moved, text), encoding="utf-8")


def _make(folder: Path, children: int, years: int) -> None:
    environ = keys_at(folder / "home")
    people = People((*(Person(name, role) for role, name in PEOPLE.items()), Person(DEPUTY, "dsl")))

    def fill(home: Home) -> None:
        keys = Keys.create(home, environ)
        Settings("Larkfield Junior School", LEAD).save(home, keys)
        people.save(home, keys)
        admission.set_up_vault(
            home, keys, people, {each.person: phrase_of(each.person) for each in people}
        )

    home = create_real(folder / "home", fill)
    Load(home.folder, NOW, environ=environ).load_exports(real_exports(children, years))


def _moved(found: re.Match[str]) -> str:
    rest = _AUTHORITY + (found.group(1) or found.group(2))
    return compute_check_letter(rest) + rest
