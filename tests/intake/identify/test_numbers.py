"""Other numbers of a child: each its own hash, and a former UPN that the lead may have to allow."""

import dataclasses
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.main import app
from queries.contract import OTHER_NUMBERS
from safeguards.home.home import Home
from safeguards.keys import passphrase as phrases
from safeguards.keys.keys import Keys
from safeguards.vault.records import NumberKind, PupilRecord
from safeguards.vault.vault import Vault
from stewardship.registers.requests import Register
from tests.support.schools.good_exports import ANN, BEN, CAT, GOOD, Files, checked, upn
from tests.support.schools.homes import keys_at
from tests.support.schools.school_rows import SchoolRows
from tests.support.schools.small_home import SmallHome

NAME = OTHER_NUMBERS.name
NEW = upn(11)
TEMPORARY = "001999926" + "01A"


def temporary() -> str:
    from intake.check.upn import compute_check_letter  # noqa: PLC0415

    return compute_check_letter(TEMPORARY) + TEMPORARY


def numbers(*rows: str) -> str:
    return "\n".join([",".join(OTHER_NUMBERS.header), *rows]) + "\n"


def renumbered(old: str, new: str, *rows: str) -> Files:
    """The good files with a child under another UPN, and other_numbers.csv with these rows."""
    return {name: text.replace(old, new) for name, text in GOOD.items()} | {NAME: numbers(*rows)}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallHome:
    small = SmallHome(tmp_path)
    monkeypatch.setenv("LAC_KEYS", small.environ["LAC_KEYS"])
    return small


def vault_of(home: SmallHome) -> Vault:
    opened = Home.open(home.folder)
    return Vault.open(opened, Keys.load(opened))


def find_by_number(vault: Vault, kind: NumberKind, number: str) -> PupilRecord | None:
    look_up = vault.hashes.hash_number(kind, number)
    return next((each for each in vault.pupils if look_up in each.look_ups), None)


def events(home: SmallHome) -> list[dict[str, Any]]:
    lines = (home.folder / "log" / "access.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


def lac(*arguments: str, answer: str = f"{phrases.DEMO_PASSPHRASE}\n") -> Any:
    return CliRunner().invoke(app, list(arguments), input=answer)


# The file


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (f"{ANN},,,", ("former_upn", "missing value")),
        (f"{ANN},,Northmoor,", ("authority_child_id", "missing value")),
        (f"{ANN},,,123", ("authority", "missing value")),
        (f"{ANN},{ANN},,", ("former_upn", "not allowed")),
        (f"{ANN},A00199992600,,", ("former_upn", "UPN form")),
        (f"{ANN},,Northmoor,12 3", ("authority_child_id", "not allowed")),
        (f"{NEW},{BEN},,", ("upn", "not on the roll")),
    ],
)
def test_a_row_that_says_too_little_or_too_much_is_a_fault(
    row: str, fault: tuple[str, str]
) -> None:
    found = checked({**GOOD, NAME: numbers(row)})
    assert [(each.column, each.fault) for each in found.problems] == [fault]
    assert found.refused_files == {NAME}


def test_good_rows_have_no_fault() -> None:
    rows = (f"{ANN},{NEW},,", f"{ANN},,Northmoor,A/12-3", f"{BEN},{temporary()},Northmoor,7")
    assert checked({**GOOD, NAME: numbers(*rows)}).problems == ()


# Look-ups


@pytest.fixture
def school(tmp_path: Path) -> SchoolRows:
    """The good files, as a first load leaves them."""
    made = SchoolRows(tmp_path)
    made.load()
    return made


def record_of(school: SchoolRows, upn: str) -> PupilRecord:
    record = school.vault.find_by_upn(upn)
    assert record is not None
    return record


def test_each_kind_of_number_has_its_own_hash(school: SchoolRows) -> None:
    """One UPN as a current and as a former one are two hashes, and none is the number."""
    vault, record = school.vault, record_of(school, ANN)
    for kind, number in (("former", NEW), ("authority", "Northmoor|123"), ("upn", temporary())):
        vault.add_number(record.pupil_id, kind, number)  # type: ignore[arg-type]
    found = record_of(school, ANN)
    assert [each.kind for each in found.look_ups] == ["upn", "former", "authority", "temporary"]
    assert len({each.value for each in found.look_ups}) == 4
    assert find_by_number(vault, "former", NEW) == found == vault.find_by_upn(temporary())
    assert find_by_number(vault, "authority", "Northmoor|123") == found
    assert find_by_number(vault, "authority", "Southmoor|123") is None
    assert vault.find_by_upn(NEW) is None
    with pytest.raises(ValueError, match="has not checked"):
        vault.add_number(record.pupil_id, "former", "123")


def test_a_load_notes_numbers_and_nobody_reads_them_back(school: SchoolRows) -> None:
    school.load({**GOOD, NAME: numbers(f"{ANN},{NEW},,", f"{ANN},,Northmoor,XK-48151623")})
    noted = find_by_number(school.vault, "former", NEW)
    assert noted == find_by_number(school.vault, "authority", "Northmoor|XK-48151623")
    assert noted == record_of(school, ANN)
    school.vault.save()
    content = (school.home.vault / "vault.json").read_bytes() + repr(school.rows).encode()
    assert b"48151623" not in content
    assert NEW.encode() not in content
    keys = Keys.load(school.home, keys_at(school.home.folder))
    other = Vault(school.home, dataclasses.replace(keys, lookup=bytes(32)))
    assert other.hashes.hash_number("former", NEW) not in school.vault._by_look_up


# A new UPN


@pytest.mark.parametrize("is_told", [True, False])
def test_a_new_upn_leads_to_the_childs_own_record(school: SchoolRows, is_told: bool) -> None:
    """Ben is in need, so nobody has adopted him: handle and history stay, where it is told."""
    before, marks = record_of(school, BEN).handle, school.rows["raw_mark"].height
    files = renumbered(BEN, NEW, f"{NEW},{BEN},,")
    school.load(files if is_told else {name: files[name] for name in GOOD})
    assert (record_of(school, NEW).handle == before) == is_told
    assert (record_of(school, BEN) == record_of(school, NEW)) == is_told
    assert school.vault.possible_matches == ()
    assert (school.rows["raw_mark"].height == marks) == is_told


def test_two_numbers_on_one_roll_are_two_children(school: SchoolRows) -> None:
    school.load({**GOOD, NAME: numbers(f"{ANN},{BEN},,")})
    assert record_of(school, ANN) != record_of(school, BEN)
    assert school.vault.possible_matches == ()
    assert find_by_number(school.vault, "former", BEN) is None


@pytest.mark.parametrize("gone", [NEW, CAT])
def test_an_adopted_child_is_not_linked_unasked(school: SchoolRows, gone: str) -> None:
    """Cat was looked after before; who is erased is asked about no more, nor stays in the file."""
    school.load(renumbered(CAT, NEW, f"{NEW},{CAT},,"))
    vault, new, old = school.vault, record_of(school, NEW), record_of(school, CAT)
    assert new.handle != old.handle
    assert [(each.pupil_id, each.former_id) for each in vault.possible_matches] == [
        (new.pupil_id, old.pupil_id)
    ]
    assert find_by_number(vault, "former", CAT) is None
    pupil_id = record_of(school, gone).pupil_id
    assert pupil_id.encode() in vault._serialise()
    vault.forget([pupil_id])
    assert vault.possible_matches == ()
    assert pupil_id.encode() not in vault._serialise()


# What the lead says of it


@pytest.fixture
def adopted(home: SmallHome) -> SmallHome:
    """Cat has a new UPN now."""
    home.load(GOOD)
    home.load(renumbered(CAT, NEW, f"{NEW},{CAT},,"))
    return home


@pytest.mark.slow
def test_the_lead_confirms_and_the_history_is_one(adopted: SmallHome) -> None:
    before = vault_of(adopted)
    new, old = before.find_by_upn(NEW), before.find_by_upn(CAT)
    assert new is not None
    assert old is not None
    where = ("vault", "links", "--home", str(adopted.folder))
    assert lac(*where).output == f"{new.handle} may be {old.handle}.\n"
    wrong = lac(*where, "--confirm", new.handle, answer="a wrong passphrase of five\n")
    assert wrong.exit_code == 2
    assert len(vault_of(adopted).possible_matches) == 1
    home = Home.open(adopted.folder)
    keys = Keys.load(home, adopted.environ)
    for code in (new.pupil_id, old.pupil_id):
        Register.open(home, keys).add(
            "access",
            code,
            now=datetime(2026, 11, 21, tzinfo=UTC),
            received_on=date(2026, 11, 20),
            requester="carer",
            actor="lead",
        )
    done = lac(*where, "--confirm", new.handle)
    assert done.exit_code == 0, done.output
    assert f"Confirmed as one child: {old.handle}." in done.output
    requests = Register.open(home, keys).list_all()
    assert [each.pupil_id for each in requests] == [old.pupil_id, old.pupil_id]
    vault = vault_of(adopted)
    joined = vault.find_by_upn(NEW)
    assert joined == vault.find_by_upn(CAT)
    assert joined is not None
    assert joined.pupil_id == old.pupil_id
    assert vault.possible_matches == ()
    assert len(vault.pupils) == 3
    assert {row["child"] for row in adopted.rows("raw_enrolment")} == {"Ann", "Ben", "Cat"}
    marks = [(row["child"], row["session_date"], row["half"]) for row in adopted.rows("raw_mark")]
    assert len(marks) == len(set(marks))
    last = events(adopted)[-1]
    assert (last["event"], last["pupil_ids"]) == ("link_confirmed", [old.pupil_id, new.pupil_id])
    adopted.load(renumbered(CAT, NEW, f"{NEW},{CAT},,", f"{NEW},,Northmoor,7"))
    assert vault_of(adopted).possible_matches == ()
    assert len(vault_of(adopted).pupils) == 3


@pytest.mark.slow
def test_the_lead_refuses_and_is_not_asked_again(adopted: SmallHome) -> None:
    new = vault_of(adopted).find_by_upn(NEW)
    assert new is not None
    where = ("vault", "links", "--home", str(adopted.folder))
    assert lac(*where, "--refuse", new.handle).exit_code == 0
    assert events(adopted)[-1]["event"] == "link_refused"
    adopted.load(renumbered(CAT, NEW, f"{NEW},{CAT},,", f"{NEW},,Northmoor,7"))
    assert lac(*where).output == "There is nothing to confirm.\n"
    assert vault_of(adopted).find_by_upn(NEW) == find_by_number(
        vault_of(adopted), "authority", "Northmoor|7"
    )
    assert vault_of(adopted).find_by_upn(NEW) != vault_of(adopted).find_by_upn(CAT)
    assert lac(*where, "--confirm", new.handle).exit_code == 2
