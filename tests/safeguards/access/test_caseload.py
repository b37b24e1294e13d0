"""A home of many schools: its roles, and advisers who have rows of their own children alone."""

import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Event
from typing import Any
from weakref import ref

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from cli.data.made_up import ADVISERS
from intake.publish.entries import log_action
from queries import read
from queries.errors import StoreError
from queries.store.store import OF_SCHOOLS, Store, amend_version
from queries.store.versions import find_current_version, remove
from queries.views import days, views
from safeguards.access import access, roles
from safeguards.access.access import Session
from safeguards.access.admission import Principal
from safeguards.caseload import FILE, Caseload
from safeguards.errors import ProofError
from safeguards.home.home import Home
from safeguards.keys.home_of import get_home_of
from safeguards.keys.keys import Keys
from tests.support import sizes
from tests.support.schools.authority import DAY, authority_home
from tests.support.schools.homes import NOW, keys_at


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made-up authority, which nobody writes to but the access log."""
    return authority_home(tmp_path_factory.mktemp("authority") / "home")


@pytest.fixture
def home(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """It, with its keys in the environment."""
    monkeypatch.setenv("LAC_KEYS", keys_at(folder)["LAC_KEYS"])
    yield Home.open(folder)
    access.release_stores()


def sign_in(home: Home, actor: str, role: str = "adviser") -> Session:
    """A session of the dashboard."""
    return access.open(home.folder, actor=actor, role=role, purpose="dashboard")


def find_seen(session: Session) -> dict[str, set[str]]:
    """By mart and check about children that the role may read, whom it has rows of."""
    found = {}
    for view in views.load_views().values():
        if view.layer in ("marts", "checks") and session.has_category(view.category):
            rows = session.read(f"from {view.name}")
            if "handle" in rows.columns:
                found[view.name] = set(rows["handle"].drop_nulls())
    return found


def test_an_advisers_rows_of_a_version_go_with_the_next(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each adviser has a copy, of which nobody can read a word; and each entry makes a version."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    path, key = find_current_version(home.store), Keys.load(home).store
    assert path is not None
    newer = path.with_name("store-1.9.duckdb")
    with amend_version(path, newer, key):
        pass
    (handle,) = access.open_store(path, key).read("select handle from raw_pupil limit 1")["handle"]
    remove_tree, seen = shutil.rmtree, []

    def look(folder: str | Path, **options: Any) -> None:
        for copy in Path(folder).glob("*.duckdb"):
            seen.append(copy)
            assert handle.encode() not in copy.read_bytes()
            assert copy.parent.stat().st_mode & 0o077 == 0
            with pytest.raises(StoreError, match="does not open"):
                Store(copy, None)
        remove_tree(folder, **options)

    monkeypatch.setattr(shutil, "rmtree", look)
    few = ref(access.open_store(path, key, only=frozenset({handle})))
    assert few() is access.open_store(path, key, only=frozenset({handle}))
    assert len(seen) == 1
    assert list(tmp_path.iterdir()) == []  # not even if the server is killed
    access.open_store(newer, key)
    remove(newer)
    assert few() is None


def test_what_an_adviser_has_a_copy_of_is_what_their_own_rows_say(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Worked out of all children's rows or of theirs alone, it is the same, sums too."""
    sessions = [sign_in(home, name) for name in sizes.draw_some("advisers.drawn", ADVISERS)]
    access.release_stores()
    refresh = views.refresh_views
    own = {each.name for each in views.load_views().values() if each.order}.difference(OF_SCHOOLS)
    monkeypatch.setattr(views, "refresh_views", lambda at, _: refresh(at, own))
    monkeypatch.setattr(days, "find_default_day", lambda _: None)
    compared = 0
    for session in sessions:
        other = sign_in(home, session.actor)
        assert other.rights == session.rights
        for view in views.load_views().values():
            if view.layer in ("marts", "checks") and session.has_category(view.category):
                rows = session.read(f"from {view.name} order by all")
                assert_frame_equal(rows, other.read(f"from {view.name} order by all"))
                compared += rows.height
    assert compared > 500


def test_nobody_waits_for_an_advisers_copy_who_needs_none(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one is made, who sees all children comes in."""
    begun, go_on = Event(), Event()
    make = access._copy_store

    def wait(*version: Any) -> Store:
        begun.set()
        assert go_on.wait(60)
        return make(*version)

    monkeypatch.setattr(access, "_copy_store", wait)
    with ThreadPoolExecutor(2) as pool:
        adviser = pool.submit(sign_in, home, ADVISERS[0])
        assert begun.wait(60)
        try:
            head = pool.submit(sign_in, home, "V. Head", "virtual_head").result(60)
            assert not adviser.done()
        finally:
            go_on.set()
        own, everybody = (
            set(read.fetch_members(each)["pupil_id"]) for each in (adviser.result(60), head)
        )
        assert own < everybody


def test_an_adviser_has_no_row_of_anothers_child(
    home: Home, monkeypatch: pytest.MonkeyPatch, count: sizes.Count
) -> None:
    """Adviser by child by mart, and by link; without the caseload others' children are seen.

    Nor in answers that are kept: sessions of the same rights share those.
    """
    advisers = Caseload.load(home, Keys.load(home)).get_advisers(DAY)
    assert set(advisers.values()) == set(ADVISERS)
    sessions = {name: sign_in(home, name) for name in sizes.draw_some("advisers.drawn", ADVISERS)}
    assert len({each.rights for each in sessions.values()}) == len(sessions)
    whole = sign_in(home, "V. Head", "virtual_head")
    links = {
        handle: whole.get_address(pupil_id)
        for pupil_id, handle in whole.read("select pupil_id, handle from cohort_member").rows()
    }
    cells, broken, reached = 0, 0, set()
    for name, session in sessions.items():
        others = {handle for handle, whose in advisers.items() if whose != name}
        for mart, seen in find_seen(session).items():
            cells += len(others)
            broken += len(seen & others)
            reached |= {mart} if seen else set()
        for handle in others & links.keys():
            cells += 1
            broken += session.find_pupil_by_address(links[handle]) is not None
    monkeypatch.setattr(access, "_find_own_children", lambda *_: None)
    control = find_seen(sign_in(home, ADVISERS[0]))
    others = {handle for handle, whose in advisers.items() if whose != ADVISERS[0]}
    shown = sum(len(seen & others) for seen in control.values())
    count("adviser.caseload", cells, broken, shown)
    assert broken == 0
    assert cells > 3000
    assert shown > 200
    assert len(reached) > 15


def test_an_adviser_has_of_their_own_children_what_the_head_has(home: Home) -> None:
    """Row by row; and of files and schools nothing that tells of others."""
    advisers = Caseload.load(home, Keys.load(home)).get_advisers(DAY)
    whole = sign_in(home, "V. Head", "virtual_head")
    for name in sizes.draw_some("advisers.drawn", ADVISERS):
        session = sign_in(home, name)
        own = [handle for handle, whose in advisers.items() if whose == name]
        for view in views.load_views().values():
            if view.layer in ("marts", "checks") and session.has_category(view.category):
                rows = session.read(f"from {view.name} order by all")
                if "handle" in rows.columns:
                    expected = whole.read(f"from {view.name} order by all")
                    expected = expected.filter(pl.col("handle").is_in(own))
                    assert_frame_equal(rows, expected.select(rows.columns))
        files = session.read("from load_file")
        assert not files.select(pl.sum_horizontal(pl.selectors.starts_with("rows_")).sum()).item()
        assert files["last_date"].null_count() == files.height > 0
        assert session.read("from check_left_out").is_empty()


def test_who_lost_a_child_types_nothing_about_it(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the caseload of now, whatever stood when the page was opened; the same other way."""
    shutil.copytree(home.folder, tmp_path / "home")
    keys = keys_at(tmp_path / "home")["LAC_KEYS"]
    shutil.copytree(keys_at(home.folder)["LAC_KEYS"], keys)
    monkeypatch.setenv("LAC_KEYS", keys)
    home = Home.open(tmp_path / "home")
    before = Caseload.load(home, Keys.load(home))
    mine, theirs = (sign_in(home, name) for name in ADVISERS[:2])
    (handle,) = mine.read("select handle from cohort_member order by handle limit 1")["handle"]
    before.add([handle], ADVISERS[1], DAY).save(home, Keys.load(home))
    assert handle in set(mine.read("from cohort_member")["handle"])  # still on the page

    def log(session: Session) -> list[str]:
        typed = log_action(session, handle=handle, kind="spoke with the child", on=DAY)
        return [each.fault for each in typed.problems]

    assert log(mine) == ["not on the roll"]
    assert log(theirs) == []


def test_a_child_changes_adviser_with_a_day() -> None:
    """The later line holds from its day on, of one day the one that was written last."""
    first, then = date(2026, 9, 1), date(2026, 11, 2)
    lines = Caseload().add(["a b", "c d"], "A. Reed", first).add(["c d"], "B. Marsh", then)
    assert lines.get_advisers(date(2026, 8, 31)) == {}
    assert lines.find_handles("A. Reed", date(2026, 11, 1)) == {"a b", "c d"}
    assert lines.find_handles("B. Marsh", then) == {"c d"}
    assert lines.add(["c d"], "", then).get_advisers(then) == {"a b": "A. Reed"}


def test_a_list_that_was_edited_counts_for_nothing(home: Home) -> None:
    """An adviser comes in again once it is as lac wrote it; who sees all is not kept out."""
    path = home.folder / FILE
    written = path.read_bytes()
    path.write_bytes(written.replace(b"B. Marsh", b"A. Reed"))
    with pytest.raises(ProofError, match=r"caseload\.csv"):
        sign_in(home, ADVISERS[0])
    assert sign_in(home, "V. Head", "virtual_head").read("from cohort_member").height
    path.write_bytes(written)
    assert sign_in(home, ADVISERS[0]).read("from cohort_member").height


def test_each_role_has_what_a_schools_role_has(home: Home) -> None:
    """Less what only a school does; an adviser sees no files, who brings them in no child."""
    assert get_home_of(Keys.load(home)) == "authority"
    for role, like in roles.OF_MANY.items():
        pages = {*roles.list_pages(role)} - {"schools"}
        lacked = {"adviser": {"data_check"}, "data_officer": {"rights"}}.get(role, set())
        assert pages == {*roles.list_pages(like)} - {"reports"} - lacked, role
        assert roles.list_categories(role) - {"load"} <= roles.list_categories(like), role
        assert not roles.is_allowed(role, "today", "raise_concern")
        assert roles.is_allowed(role, "schools")
    assert roles.list_categories("data_officer") == {"load"}
    asked = {role: sign_in(home, "x", role).role for role in roles.ALL_ROLES}
    assert asked["dsl"] == asked["virtual_head"] == "virtual_head"
    assert asked["teacher"] == "adviser"
    assert asked["pastoral"] == asked["head"] == asked["trust_lead"] == "none"
    assert len(read.fetch_annual_counts(sign_in(home, "x", "virtual_head"))) == 5
    with pytest.raises(access.Denied):
        read.fetch_annual_counts(sign_in(home, "x"))
    # whoever the sign-in service says is a teacher is no more here
    person = Principal(home.home_id, ADVISERS[0], "teacher", NOW)
    assert access.open(home.folder, purpose="dashboard", admitted=person).role == "adviser"
