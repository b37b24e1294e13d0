"""Cat, who left in July 2025: the files that say so, and a home that has them."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from intake.publish.amend import publish_entries
from safeguards.handles import generate_id
from safeguards.home.home import Home
from safeguards.journal.typed_entries import Entry, TypedEntries
from safeguards.keys.keys import Keys
from safeguards.vault.vault import Vault
from tests.support.schools.good_exports import ANN, BEN, CAT, GOOD, Files, added
from tests.support.schools.homes import copy_made, make_once
from tests.support.schools.small_home import SmallHome

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
#: The last day of those files.
ON = date(2026, 11, 20)


def without_a_return() -> Files:
    """The good files, but that Cat did not come back in September 2026."""
    roll = [line for line in GOOD["roll.csv"].split("\n") if "07/09/2026" not in line]
    register = [line for line in GOOD["attendance.csv"].split("\n") if not line.startswith(CAT)]
    return {**GOOD, "roll.csv": "\n".join(roll), "attendance.csv": "\n".join(register)}


def with_a_leaver() -> Files:
    """Cat left in July 2025, with a row in each file, some of them later than that."""
    files = without_a_return()
    for name, line in (
        ("calendar.csv", "2025-07-17,school day"),
        ("attendance.csv", f"{CAT},2025-07-17,AM,/"),
        ("attendance.csv", f"{CAT},2025-07-17,PM,\\"),
        ("sdq.csv", f"{CAT},2025-06-02,carer,11,,,,,,,"),
        ("health.csv", f"{CAT},dental check,2025-06-03,done,,"),
        ("health.csv", f"{CAT},optician,2027-01-11,booked,,"),
        ("pep.csv", f"{CAT},2025-06-04,held,Keptfeather,,"),
        ("suspensions.csv", f"{CAT},2025-06-05,SUSP,2,PP"),
    ):
        files = added(name, line, files)
    return files


def who_came_back() -> Files:
    """The same files a week on: Cat is back, and has a mark, a score and the old booking."""
    files = with_a_leaver()
    for name, line in (
        ("roll.csv", f"{CAT},Smith-Jones,Cat,,01/09/2016,U,5,5A,23/11/2026,,,,"),
        ("calendar.csv", "2026-11-23,school day"),
        ("attendance.csv", "\n".join(f"{each},2026-11-23,AM,/" for each in (ANN, BEN, CAT))),
        ("sdq.csv", f"{CAT},2026-11-23,carer,12,,,,,,,"),
    ):
        files = added(name, line, files)
    return files


def _type_about_cat(home: Home, keys: Keys) -> None:
    """Actions, a score and a meeting, all of them dated while Cat was here."""
    record = Vault.open(home, keys).find_by_upn(CAT)
    assert record is not None
    values: list[tuple[str, dict[str, str]]] = [
        ("", {"kind": "other", "date": "2025-06-10", "line": "Home reading agreed", "rules": "{}"}),
        ("sdq.csv", {"date": "2025-06-09", "informant": "carer", "total": "13"}),
        ("pep.csv", {"date": "2025-06-11", "outcome": "held"}),
    ]
    for file, given in values:
        kind: Any = "fact" if file else "action"
        TypedEntries.open(home, keys).append(
            Entry(generate_id(), NOW, "Sam", "dsl", kind, record.pupil_id, file, given, "x")
        )
    publish_entries(home, keys)


def home_with_a_leaver(root: Path) -> SmallHome:
    """A home under `root` that has these files, with entries about Cat that people typed."""

    def make(folder: Path) -> None:
        made = SmallHome(folder)
        with pytest.MonkeyPatch.context() as patched:
            patched.setenv("LAC_KEYS", made.environ["LAC_KEYS"])
            assert made.load(with_a_leaver()).problems == ()
            _type_about_cat(made.home, made.keys)

    made = SmallHome(root)
    copy_made(make_once("leaver", make), made.folder)
    return made
