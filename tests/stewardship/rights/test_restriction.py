"""A restricted child is as if it had never been loaded, to everybody but the safeguarding lead."""

import os
import random
import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from intake.publish.entries import log_action
from intake.publish.load import Load
from queries import read
from queries.contract import CARE_EPISODES
from queries.store import versions
from queries.store.store import Store
from safeguards.access import access
from safeguards.access.roles import ROLES
from safeguards.home.home import Home
from safeguards.keys.heads import open_heads
from safeguards.keys.keys import POINTER, Keys, get_keys_folder
from safeguards.vault.vault import Vault
from stewardship.rights.restrict import set_flag
from synthetic.cast.cast import CAST
from tests.support import commands, sizes
from tests.support.schools.homes import NOW as LOADED_AT
from tests.support.schools.homes import UNTIL, cast_handles, demo_home, exports, keys_at

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
DAYS = (date(2026, 10, 2), UNTIL)
#: How many rows a file had, how many were kept and which days it covers are figures of the
#: file, and stay.
_OF_FILES = ("rows_read", "rows_taken", "rows_not_shown", "first_date", "last_date")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = demo_home(tmp_path / "home")
    monkeypatch.setenv("LAC_KEYS", keys_at(made)["LAC_KEYS"])
    return made


def opened(folder: Path, role: str, purpose: str = "test", **options: Any) -> access.Session:
    return access.open(folder, actor="Sam", role=role, purpose=purpose, **options)


def restrict(folder: Path, handle: str, *, in_force: bool = True) -> None:
    session = opened(folder, "manager", "rights")
    assert set_flag(session, handle, "restriction", in_force=in_force, now=NOW)


def never_loaded(folder: Path, upn: str, to: Path) -> tuple[Path, dict[str, str]]:
    """A home with the same codes, in which the care file never named this child; its keys."""
    files = to / "exports"
    shutil.copytree(exports(), files)
    care = pl.read_csv(files / CARE_EPISODES.name, infer_schema=False)
    care.filter(pl.col("upn") != upn).write_csv(files / CARE_EPISODES.name)
    home = to / "home"
    shutil.copytree(folder, home)
    for name in ("store", "written"):
        shutil.rmtree(home / name)
        (home / name).mkdir(mode=0o700)
    shutil.copytree(os.environ["LAC_KEYS"], to / "keys")
    environ = {**os.environ, "LAC_KEYS": str(to / "keys")}
    heads = open_heads(get_keys_folder(Home.open(home), environ))
    for name in heads.list_names():
        if name == POINTER or name.endswith(".sealed"):
            heads.forget(name)
    Load(home, LOADED_AT, rng=random.Random(1), environ=environ).load_exports(files)
    return home, environ


def answers(store: Store, relation: str, day: date) -> list[str]:
    rows = store.read(f"from {relation}", as_at=day)
    of_files = _OF_FILES if relation == "load_file" else ()
    # pupil_key is a number inside one version only
    return sorted(map(repr, rows.drop("pupil_key", *of_files, strict=False).rows()))


def store_of(session: access.Session) -> Store:
    return session._store


def upns() -> list[str]:
    care = pl.read_csv(exports() / CARE_EPISODES.name, infer_schema=False)
    return care["upn"].unique(maintain_order=True).to_list()


@pytest.mark.slow
def test_to_others_the_child_was_never_loaded(
    folder: Path, tmp_path: Path, count: sizes.Count
) -> None:
    """Every mart and check, on two days, for every role; the lead's stay as they were.

    The control reads the version past the roles: there the child is in some answer.
    """
    home = Home.open(folder)
    keys = Keys.load(home)
    cases, broken, control = 0, [], 0
    for number, upn in enumerate(upns()[: sizes.size("rights.restricted")]):
        record = Vault.open(home, keys).find_by_upn(upn)
        assert record is not None
        without, its_keys = never_loaded(folder, upn, tmp_path / f"without-{number}")
        before = opened(folder, "dsl")
        restrict(folder, record.handle)
        expected = store_of(opened(without, "dsl", environ=its_keys))
        path = versions.find_current_version(home.store)
        assert path is not None
        past_the_roles = access.open_store(path, keys.store)
        for day in DAYS:
            for name in read.list_definitions():
                wanted = answers(expected, name, day)
                for role in ROLES:
                    found = answers(store_of(opened(folder, role)), name, day)
                    if role == "dsl":
                        whole = store_of(before).read(f"from {name}", as_at=day)
                        lead = store_of(opened(folder, "dsl")).read(f"from {name}", as_at=day)
                        drop = ["is_restricted"]
                        assert sorted(map(repr, lead.drop(drop, strict=False).rows())) == sorted(
                            map(repr, whole.drop(drop, strict=False).rows())
                        ), name
                        continue
                    cases += 1
                    broken += [(name, role)] if found != wanted else []
            control += answers(past_the_roles, "cohort_member", day) != answers(
                expected, "cohort_member", day
            )
        restrict(folder, record.handle, in_force=False)
    count("rights.restricted", cases, len(broken), control)
    assert broken == []
    assert control > 0


def handles(session: access.Session) -> set[str]:
    return set(session.read("from cohort_member")["handle"])


def test_roles_do_not_meet_in_one_process(folder: Path) -> None:
    """One process serves the lead and the others: no answer kept for one reaches another."""
    ruby = cast_handles(folder)["Ruby"]
    restrict(folder, ruby)
    for _ in range(2):
        lead, other = opened(folder, "dsl"), opened(folder, "pastoral")
        assert ruby in handles(lead)
        assert ruby not in handles(other)
        for relation in ("cohort_member", "lac.day.cohort_member", "memory.main.cohort_member"):
            try:
                found = other.read(f"from {relation}")
            except Exception:  # noqa: BLE001 - it may be refused in any way
                continue
            assert ruby not in set(found["handle"]), relation
    shown = lead.read("select handle from cohort_member where is_restricted")
    assert shown["handle"].to_list() == [ruby]


@pytest.mark.slow
def test_it_lasts_through_a_load_and_an_undo(folder: Path, tmp_path: Path) -> None:
    """What is typed has one source, and every version is made with it."""
    ruby = cast_handles(folder)["Ruby"]
    restrict(folder, ruby)
    files = tmp_path / "later"
    shutil.copytree(exports(), files)
    with (files / "suspensions.csv").open("a", encoding="utf-8") as file:
        file.write(f"{CAST[0].upn},2026-11-10,SUSP,2,PP\n")
    assert Load(folder, NOW).load_exports(files).version is not None
    assert ruby not in handles(opened(folder, "teacher"))
    undone = commands.lac("undo", "--home", folder)
    assert undone.exit_code == 0, undone.stderr
    assert ruby not in handles(opened(folder, "teacher"))
    restrict(folder, ruby, in_force=False)
    assert ruby in handles(opened(folder, "teacher"))


@pytest.mark.slow
def test_nobody_else_can_write_about_the_child_or_find_them(folder: Path) -> None:
    """To a pastoral colleague the handle is nobody's; the lead's action is kept."""
    ruby = cast_handles(folder)["Ruby"]
    lead = opened(folder, "dsl")
    (pupil_id,) = lead.read("select pupil_id, handle from cohort_member").filter(handle=ruby)[
        "pupil_id"
    ]
    address = lead.get_address(pupil_id)
    assert opened(folder, "pastoral").find_pupil_by_address(address) == pupil_id
    restrict(folder, ruby)
    assert opened(folder, "pastoral").find_pupil_by_address(address) is None
    typed: dict[str, Any] = {"handle": ruby, "kind": "other", "line": "x", "now": NOW}
    refused = log_action(opened(folder, "pastoral"), **typed)
    assert refused.problems[0].fault == "not on the roll"
    assert log_action(opened(folder, "dsl"), **typed).entry_id


@pytest.mark.slow
def test_what_goes_round_and_what_is_optional(folder: Path) -> None:
    """The workbook leaves a restricted child out, a notebook one that objects."""
    ruby = cast_handles(folder)["Ruby"]
    restrict(folder, ruby)
    assert ruby not in handles(opened(folder, "dsl", "template"))
    restrict(folder, ruby, in_force=False)
    assert set_flag(opened(folder, "manager"), ruby, "objection", in_force=True, now=NOW)
    assert not set_flag(opened(folder, "manager"), ruby, "objection", in_force=True, now=NOW)
    assert ruby not in handles(opened(folder, "dsl", "notebook"))
    counted = opened(folder, "head", "report").read("select distinct pupil_id from report_child")
    members = opened(folder, "dsl", "dashboard").read("select handle, pupil_id from cohort_member")
    (pupil_id,) = members.filter(handle=ruby)["pupil_id"]
    assert pupil_id not in set(counted["pupil_id"])
    assert set(counted["pupil_id"]) & set(members["pupil_id"])
    for role in ("dsl", "pastoral"):
        assert ruby in handles(opened(folder, role, "dashboard"))
