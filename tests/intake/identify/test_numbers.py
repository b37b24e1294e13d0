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


def test_each_kind_of_number_has_its_own_hash(home: SmallHome) -> None:
    """One UPN as a current and as a former one are two hashes, and none is the number."""
    home.load(GOOD)
    vault = vault_of(home)
    record = vault.find_by_upn(ANN)
    assert record is not None
    for kind, number in (("former", NEW), ("authority", "Northmoor|123"), ("upn", temporary())):
        vault.add_number(record.pupil_id, kind, number)  # type: ignore[arg-type]
    found = vault.find_by_upn(ANN)
    assert found is not None
    assert [each.kind for each in found.look_ups] == ["upn", "former", "authority", "temporary"]
    assert len({each.value for each in found.look_ups}) == 4
    assert find_by_number(vault, "former", NEW) == found == vault.find_by_upn(temporary())
    assert find_by_number(vault, "authority", "Northmoor|123") == found
    assert find_by_number(vault, "authority", "Southmoor|123") is None
    assert vault.find_by_upn(NEW) is None
    with pytest.raises(ValueError, match="has not checked"):
        vault.add_number(record.pupil_id, "former", "123")


def test_a_load_notes_numbers_and_nobody_reads_them_back(home: SmallHome) -> None:
    home.load({**GOOD, NAME: numbers(f"{ANN},{NEW},,", f"{ANN},,Northmoor,XK-48151623")})
    vault = vault_of(home)
    assert find_by_number(vault, "former", NEW) == find_by_number(
        vault, "authority", "Northmoor|XK-48151623"
    )
    content = b"".join(path.read_bytes() for path in home.folder.rglob("*") if path.is_file())
    assert b"48151623" not in content
    assert NEW.encode() not in content
    other = Vault(
        Home.open(home.folder),
        dataclasses.replace(Keys.load(Home.open(home.folder), home.environ), lookup=bytes(32)),
    )
    assert other.hashes.hash_number("former", NEW) not in vault._by_look_up


def test_a_vault_of_the_first_version_still_finds_a_temporary_number(home: SmallHome) -> None:
    home.load(GOOD)
    vault = vault_of(home)
    record = vault.find_by_upn(ANN)
    assert record is not None
    vault._by_look_up[vault.hashes.hash_as_kind("upn", temporary())] = record.pupil_id
    assert vault.find_by_upn(temporary()) == record


# A new UPN


@pytest.mark.slow
def test_a_new_upn_leads_to_the_childs_own_record(home: SmallHome) -> None:
    """Ben is in need, so nobody has adopted him: handle and history stay."""
    home.load(GOOD)
    before, marks = home.handles()["Ben"], len(home.rows("raw_mark"))
    home.load(renumbered(BEN, NEW, f"{NEW},{BEN},,"))
    record = vault_of(home).find_by_upn(NEW)
    assert record is not None
    assert record.handle == before
    assert vault_of(home).find_by_upn(BEN) == record
    assert vault_of(home).possible_matches == ()
    assert len(home.rows("raw_mark")) == marks


@pytest.mark.slow
def test_without_the_file_a_new_upn_is_a_new_child(home: SmallHome) -> None:
    """The control: nothing else leads from one to the other."""
    home.load(GOOD)
    home.load({name: text.replace(BEN, NEW) for name, text in GOOD.items()})
    record = vault_of(home).find_by_upn(NEW)
    assert record is not None
    assert record.handle != home.handles()["Ben"]


@pytest.mark.slow
def test_two_numbers_on_one_roll_are_two_children(home: SmallHome) -> None:
    home.load(GOOD)
    home.load({**GOOD, NAME: numbers(f"{ANN},{BEN},,")})
    assert vault_of(home).find_by_upn(ANN) != vault_of(home).find_by_upn(BEN)
    assert vault_of(home).possible_matches == ()
    assert find_by_number(vault_of(home), "former", BEN) is None


@pytest.fixture
def adopted(home: SmallHome) -> SmallHome:
    """Cat was looked after before; she has a new UPN now."""
    home.load(GOOD)
    home.load(renumbered(CAT, NEW, f"{NEW},{CAT},,"))
    return home


@pytest.mark.slow
def test_an_adopted_child_is_not_linked_unasked(adopted: SmallHome) -> None:
    vault = vault_of(adopted)
    new, old = vault.find_by_upn(NEW), vault.find_by_upn(CAT)
    assert new is not None
    assert old is not None
    assert new.handle != old.handle
    assert [(each.pupil_id, each.former_id) for each in vault.possible_matches] == [
        (new.pupil_id, old.pupil_id)
    ]
    assert find_by_number(vault, "former", CAT) is None
    listed = lac("vault", "links", "--home", str(adopted.folder))
    assert listed.output == f"{new.handle} may be {old.handle}.\n"


@pytest.mark.slow
def test_an_erased_child_is_asked_about_no_more(adopted: SmallHome) -> None:
    """No code of it stays in the vault's file."""
    for gone in (NEW, CAT):
        vault = vault_of(adopted)
        record = vault.find_by_upn(gone)
        assert record is not None
        assert len(list(vault.possible_matches)) == 1
        vault.forget([record.pupil_id])
        assert vault.possible_matches == ()
        assert record.pupil_id.encode() not in vault._serialise()


@pytest.mark.slow
def test_the_lead_confirms_and_the_history_is_one(adopted: SmallHome) -> None:
    before = vault_of(adopted)
    new, old = before.find_by_upn(NEW), before.find_by_upn(CAT)
    assert new is not None
    assert old is not None
    where = ("vault", "links", "--home", str(adopted.folder))
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
    assert f"One child: {old.handle}." in done.output
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
    assert lac(*where).output == "Nothing is to be confirmed.\n"
    assert vault_of(adopted).find_by_upn(NEW) == find_by_number(
        vault_of(adopted), "authority", "Northmoor|7"
    )
    assert vault_of(adopted).find_by_upn(NEW) != vault_of(adopted).find_by_upn(CAT)
    assert lac(*where, "--confirm", new.handle).exit_code == 2
