"""Contacts and other numbers: checked like any file, sealed in the vault."""

from pathlib import Path

import pytest

from intake.problems import IntakeError
from intake.publish import files as build
from queries.contract import CONTACTS
from queries.store import versions
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from safeguards.vault.vault import Vault
from synthetic.school.school import make_school
from tests.support.schools.good_exports import ANN, BEN, CAT, GOOD, added, checked, upn
from tests.support.schools.small_home import SmallHome

NAME = CONTACTS.name
HEADER = ",".join(CONTACTS.header)
ROWS = (
    f"{ANN},2,Zebedee Quill,social worker,01632 960123,z@example.org,,no",
    f'{ANN},1,Yolanda Ácre,foster carer,+44 7700 900456,,"1 Old Mill, Brook",yes',
    f"{BEN},1,Xavier Dunn,parent,,,,",
)


def contacts(*rows: str) -> str:
    return "\n".join([HEADER, *rows]) + "\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallHome:
    small = SmallHome(tmp_path)
    monkeypatch.setenv("LAC_KEYS", small.environ["LAC_KEYS"])
    return small


def opened(home: SmallHome, number: str) -> list[dict[str, str]]:
    there = Home.open(home.folder)
    vault = Vault.open(there, Keys.load(there))
    record = vault.find_by_upn(number)
    assert record is not None
    return vault.open_contacts(record.pupil_id, Keys.load(there).load_demo_key())


@pytest.mark.parametrize(
    ("row", "column", "fault"),
    [
        (f"{ANN},1,Yolanda Acre,foster carer,call me,,,", "phone", "not allowed"),
        (f"{ANN},1,Yolanda Acre,foster carer,,nobody,,", "email", "not allowed"),
        (f"{ANN},1,,foster carer,,,,", "contact_name", "missing value"),
        (f"{ANN},first,Yolanda Acre,foster carer,,,,", "priority", "not a whole number"),
        (f"{ANN},1,Yolanda Acre,foster carer,,,,maybe", "may_collect", "not allowed"),
        (f"{upn(9)},1,Yolanda Acre,foster carer,,,,", "upn", "not on the roll"),
    ],
)
def test_a_row_is_checked_and_not_repeated(row: str, column: str, fault: str) -> None:
    found = checked({**GOOD, NAME: contacts(row)})
    assert [(each.column, each.fault) for each in found.problems] == [(column, fault)]
    assert not any("Yolanda" in each.problem + each.fix for each in found.problems)
    assert found.refused_files == {NAME}


def test_contacts_are_sealed_in_their_order(home: SmallHome) -> None:
    """The same file again changes nothing, and no rows of a sealed file can be dropped.

    The store knows only that it came; of children out of scope nothing is kept.
    """
    files = added("roll.csv", f"{upn(4)},Lee,Jo,,01/01/2017,F,4,,01/09/2024,,,,")
    files[NAME] = contacts(*ROWS, f"{upn(4)},1,Vera Hart,parent,,,,")
    assert home.load(files).problems == ()
    there = Home.open(home.folder)
    assert Vault.open(there, Keys.load(there)).find_by_upn(upn(4)) is None
    in_use = versions.find_current_version(there.store)
    assert in_use is not None
    sources = build.read_rows(in_use, Keys.load(there).store)["raw_source"]
    counts = sources.filter(file_name=NAME).select("rows_read", "rows_taken")
    assert counts.rows() == [(4, 3)]
    first, second = opened(home, ANN)
    assert first == {
        "priority": "1",
        "contact_name": "Yolanda Ácre",
        "relation": "foster carer",
        "phone": "+44 7700 900456",
        "address": "1 Old Mill, Brook",
        "may_collect": "yes",
    }
    assert second["relation"] == "social worker"
    assert opened(home, CAT) == []
    before = (home.folder / "vault" / "vault.json").read_bytes()
    assert home.load(files).version is None
    assert (home.folder / "vault" / "vault.json").read_bytes() == before
    with pytest.raises(IntakeError, match=r"not contacts\.csv"):
        home.load(files, replace=[NAME])


@pytest.mark.slow
def test_a_later_file_replaces_those_whom_it_names(home: SmallHome) -> None:
    home.load({**GOOD, NAME: contacts(*ROWS)})
    home.load({**GOOD, NAME: contacts(f"{ANN},1,Wanda Hill,parent,,,,")})
    assert [each["contact_name"] for each in opened(home, ANN)] == ["Wanda Hill"]
    assert [each["contact_name"] for each in opened(home, BEN)] == ["Xavier Dunn"]
    home.load({**GOOD, "school.csv": GOOD["school.csv"].replace("Brook", "Dale")})
    assert [each["contact_name"] for each in opened(home, ANN)] == ["Wanda Hill"]


def test_every_child_in_scope_of_the_made_up_school_has_somebody_to_call() -> None:
    """On numbers and addresses that are kept free, so that nobody is rung by mistake."""
    made = make_school(7, years=1)
    rows = made.frames[NAME]
    assert set(rows["upn"]) == set(made.frames["care_episodes.csv"]["upn"])
    assert rows["phone"].str.contains(r"^(07700 900|01632 960)\d{3}$").all()
    assert rows["email"].str.ends_with("@example.org").all()
    assert rows.filter(priority=1).height == rows["upn"].n_unique()
