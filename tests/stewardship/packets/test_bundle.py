"""What a child is given who asks: all that is held, nobody else's, and what a person must see."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from queries.contract import TABLES
from queries.store import store
from queries.store.store import Store
from queries.views import views
from safeguards.cells import escape_formula
from safeguards.handles import generate_id
from safeguards.journal.typed_entries import Entry
from safeguards.vault.records import PupilRecord
from stewardship.packets import holdings
from stewardship.packets.draft import build_draft
from stewardship.packets.holdings import PARTS, build_parts, fetch_tables_with_children
from stewardship.registers.requests import Request
from stewardship.registers.shares import Share
from tests.support import sizes

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
_IDS = {"school_key": 1, "source_id": 1, "load_id": 1}
_RNG = sizes.rng("rights.bundles")
#: A table that no list of ours knows, as a later version may bring one.
_LATER = "raw_club"


def _row(table: str, number: int, mark: str) -> dict[str, Any]:
    """A row of a table about the child of this number, with the child's mark in some text."""
    day = date(2026, 9, 1)
    values: dict[str, dict[str, Any]] = {
        "raw_pupil": {"pupil_id": mark, "handle": f"word {mark}", "is_on_newest_roll": True},
        "raw_enrolment": {"entry_date": day, "sex": "U", "year_group": 4, "year_group_date": day},
        "raw_care_episode": {
            "status": ("looked after", "in need")[number % 2],
            "start_date": day,
            "authority": f"authority {mark}",
        },
        "raw_mark": {"session_date": day, "half": "AM", "code": "/"},
        "raw_action": {
            "action_id": mark,
            "action_date": day,
            "kind": "other",
            "actor": mark,
            "logged_at": datetime.combine(day, time(8)),
        },
        "raw_restriction": {"since_date": day},
        "raw_objection": {"since_date": day},
        "raw_flagged_row": {
            "row_number": 5,
            "column_name": mark,
            "fault": "not allowed",
            "is_left_out": True,
        },
        _LATER: {"club": mark},
    }
    known = values.get(table) or _fill_columns(table, mark, day)
    return {"pupil_key": number, **_IDS, **known}


def _fill_columns(table: str, mark: str, day: date) -> dict[str, Any]:
    """A value for each column of a table that the registry makes."""
    category = TABLES[table]
    kinds = {
        category.get_stored_name(column): (category.get_sql_type(column), column.allowed)
        for column in category.stored_columns
    }
    by_type = {"date": day, "smallint": 2, "decimal(9, 2)": 2, "boolean": True, "varchar": mark}
    band = {"age_band": "5 to 9"} if category.has_age_band else {}
    return band | {
        name: by_type[kind] if kind in by_type else allowed[0]
        for name, (kind, allowed) in kinds.items()
    }


class World:
    """A store of made-up children who each have a row in every table, and all beside it."""

    def __init__(self, path: Path, number: int) -> None:
        self.children = [
            PupilRecord(f"{each:05}{_RNG.randrange(10**5):05}", f"word {each}", (), "", "")
            for each in range(number)
        ]
        with store.create_version(path, None) as connection:
            connection.execute(
                f"create table {_LATER} (pupil_key integer, school_key integer,"
                " source_id integer, load_id integer, club varchar)"
            )
            self.tables = sorted(
                row[0]
                for row in connection.execute(
                    "select table_name from duckdb_columns()"
                    " where column_name = 'pupil_key' and table_name like 'raw%'"
                ).fetchall()
            )
            for table in self.tables:
                rows = [_row(table, key, child.pupil_id) for key, child in enumerate(self.children)]
                # two rows each, but where the child itself is the row
                store.insert_rows(
                    connection, table, pl.DataFrame(rows if table == "raw_pupil" else rows * 2)
                )
            store.insert_rows(connection, "raw_load", pl.DataFrame([_LOAD]))
            store.insert_rows(connection, "raw_source", pl.DataFrame([_SOURCE]))
            views.create_views(connection)
        self.entries = [
            Entry(
                generate_id(_RNG),
                NOW,
                "Sam",
                "dsl",
                "action",
                child.pupil_id,
                "",
                {"line": child.pupil_id},
            )
            for child in self.children
        ]
        self.requests = [
            Request(
                generate_id(_RNG), "access", child.pupil_id, NOW.date(), "carer", "Sam", NOW.date()
            )
            for child in self.children
        ]
        self.looks = [
            {"at": NOW.isoformat(), "event": "view", "actor": "Sam", "role": "pastoral",
             "page": "child", "pupil_ids": [child.pupil_id]}
            for child in self.children
        ]  # fmt: skip
        self.shares = [
            Share("0A1B2C3D4E", "one child's record", f"school {child.pupil_id}", "other school",
                  child.pupil_id, NOW.date(), "Sam", (child.pupil_id,), "consent")
            for child in self.children
        ]  # fmt: skip

    def parts(self, version: Store, child: PupilRecord) -> list[holdings.Part]:
        return build_parts(
            version,
            child,
            entries=self.entries,
            requests=self.requests,
            shares=self.shares,
            log_records=self.looks,
            identity={"surname": child.pupil_id},
        )


_LOAD = {
    "school_key": 1,
    "load_id": 1,
    "loaded_at": datetime(2026, 11, 20, 7, 40),  # noqa: DTZ001 - UTC, as stored
    "data_until": date(2026, 11, 20),
    "lac_version": "0.1.0",
}
_SOURCE = {
    **_IDS,
    "file_name": "attendance.csv",
    "sender": "school office",
    "sha256": "0" * 64,
    "is_refused": False,
    "problem_count": 0,
    "rows_read": 1,
    "rows_taken": 1,
    "rows_not_shown": 0,
    "rows_left_out": 0,
    "rows_refused": 0,
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, Store]]:
    path = tmp_path_factory.mktemp("bundle") / "store-1.duckdb"
    made = World(path, max(sizes.size("rights.bundles"), 3))
    with closing(Store(path, None)) as version:
        yield made, version


def files_in(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode("utf-8") for name in archive.namelist()}


def of(world: World, version: Store, child: PupilRecord) -> dict[str, str]:
    parts = world.parts(version, child)
    return files_in(build_draft(parts, handle=child.handle, made_on=NOW.date(), is_demo=True))


def missed(world: World, text: dict[str, str]) -> list[str]:
    """The tables of which a bundle lacks a row."""
    found = json.loads(text["everything.json"])["parts"]
    return [
        table
        for table in world.tables
        if len(found.get(table, {"rows": []})["rows"]) != (1 if table == "raw_pupil" else 2)
    ]


@pytest.mark.slow
def test_each_bundle_is_whole_and_holds_nobody_else(
    world: tuple[World, Store], monkeypatch: pytest.MonkeyPatch, count: sizes.Count
) -> None:
    """Every row of the child in every table, and the pseudonym of no other child.

    The control gathers from the tables of a list, as a first version might have: it misses
    the rows of a table that came later.
    """
    made, version = world
    broken = 0
    for child in made.children:
        texts = of(made, version, child)
        others = {other.pupil_id for other in made.children} - {child.pupil_id}
        everything = "".join(texts.values())
        whole = not missed(made, texts) and {
            *("written", "requests", "shared", "looked", "identity")
        } <= (json.loads(texts["everything.json"])["parts"].keys())
        broken += not whole or any(other in everything for other in others)
    fixed = tuple(table for table in made.tables if table != _LATER)
    monkeypatch.setattr(holdings, "fetch_tables_with_children", lambda _: fixed)
    control = sum(missed(made, of(made, version, child)) == [_LATER] for child in made.children)
    count("rights.bundles", len(made.children), broken, control)
    assert broken == 0
    assert control == len(made.children)


def test_every_table_with_children_is_described(world: tuple[World, Store]) -> None:
    """Required, voluntary or made here; one that nobody described is marked to be looked at."""
    made, version = world
    assert set(fetch_tables_with_children(version)) == set(made.tables)
    assert set(made.tables) - {_LATER} <= PARTS.keys()
    assert {rights.supplied for _, rights in PARTS.values()} == {
        "required",
        "voluntary",
        "made here",
    }
    parts = {part.name: part for part in made.parts(version, made.children[0])}
    assert parts[_LATER].rights.supplied == "not stated"
    assert {row["review"] for row in parts[_LATER].rows} == {"not described"}


def test_what_may_harm_or_is_about_others_is_marked(world: tuple[World, Store]) -> None:
    """Child protection, but not being looked after; what staff typed; who asked for the child."""
    made, version = world
    looked_after, in_need = (
        {part.name: [row["review"] for row in part.rows] for part in made.parts(version, child)}
        for child in made.children[:2]
    )
    assert looked_after["raw_care_episode"] == ["", ""]
    assert in_need["raw_care_episode"] == ["serious harm"] * 2
    for marks in (looked_after, in_need):
        assert marks["written"] == ["third party"]
        assert marks["requests"] == ["third party"]
        assert marks["raw_mark"] == ["", ""]
    parts = made.parts(version, made.children[1])
    texts = of(made, version, made.children[1])
    told = [
        (row["file"], int(row["row"]), row["review"])
        for row in csv.DictReader(io.StringIO(texts["to-review.csv"]))
    ]
    assert told == [
        (part.name, number, row["review"])
        for part in parts
        for number, row in enumerate(part.rows, start=1)
        if row["review"]
    ]


def test_each_row_says_where_it_is_from(world: tuple[World, Store]) -> None:
    made, version = world
    rows = json.loads(of(made, version, made.children[0])["everything.json"])["parts"]
    assert {
        (row["from_file"], row["from_sender"], row["loaded_on"])
        for table in made.tables
        for row in rows[table]["rows"]
    } == {("attendance.csv", "school office", "2026-11-20")}


def test_people_who_looked_appear_as_roles(world: tuple[World, Store]) -> None:
    made, version = world
    texts = of(made, version, made.children[0])
    assert json.loads(texts["everything.json"])["parts"]["looked"]["rows"] == [
        {"day": "2026-11-20", "role": "pastoral", "what": "view", "page": "child", "review": ""}
    ]
    assert not any("Sam" in text for text in texts.values())


def test_the_childs_page_has_no_row_of_what_a_person_must_see(world: tuple[World, Store]) -> None:
    """It says how much there is of each kind, in short words."""
    made, version = world
    page = of(made, version, made.children[1])["for-the-child.html"]
    assert made.children[1].pupil_id not in page
    assert "in need" not in page
    assert "when you were in school and when you were away (2 times)" in page
    assert "not describe" not in page


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+44", "'+44"),
        ("@sum", "'@sum"),
        ("-cmd", "'-cmd"),
        ("\tx", "'\tx"),
        ("\0x", "'\0x"),
        (" =1", "' =1"),
        ("\n\u00a0@x", "'\n\u00a0@x"),
        ("\u200b=1", "'\u200b=1"),
        ("\uff1d1", "'\uff1d1"),
        (" plain = text", " plain = text"),
        ("-1", "-1"),
        ("-1.5", "-1.5"),
        ("-1+2", "'-1+2"),
        ("2026-11-20", "2026-11-20"),
        ("", ""),
    ],
)
def test_a_cell_stays_text(text: str, cell: str) -> None:
    assert escape_formula(text) == cell
