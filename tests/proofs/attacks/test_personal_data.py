"""No byte of a home tells who a child is: every value of the cast is searched for.

A search that finds nothing proves something only where the same search finds a value that
is there: in the exports, and in a store in which one was planted.
"""

import random
import shutil
from pathlib import Path

import duckdb
import polars as pl
import pytest

from intake.publish import files as build
from intake.publish.load import load_exports
from queries.contract import ATTENDANCE, CARE_EPISODES, ROLL
from queries.statement import format_sql
from queries.store import versions
from safeguards.access import access
from safeguards.home.home import Home
from safeguards.keys.keys import Keys, load_demo_private_key
from safeguards.vault.vault import Vault
from synthetic import CAST
from tests.support.schools.homes import NOW, exports, keys_at

_PERSONAL = [column.name for column in ROLL.columns if column.personal]

#: Chance makes three given bytes in nearly every encrypted megabyte, and four in some runs of CI.
_LONG_ENOUGH = 6


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made-up school, with classes and preferred names that can be searched for."""
    to = tmp_path_factory.mktemp("personal") / "exports"
    shutil.copytree(exports(), to)
    roll = pl.read_csv(to / ROLL.name, infer_schema_length=0)
    roll.with_columns(
        pl.format("Kestrel {}", "class").alias("class"),
        preferred_forename=pl.coalesce("preferred_forename", pl.format("Little {}", "forename")),
        address=pl.coalesce("address", pl.format("1 Quarry Lane, {}", "surname")),
    ).write_csv(to / ROLL.name)
    return to


@pytest.fixture(scope="module")
def home(folder: Path) -> Home:
    to = folder.parent / "home"
    load_exports(folder, to, now=NOW, rng=random.Random(7), environ=keys_at(to))
    return Home.open(to)


@pytest.fixture(scope="module")
def values(folder: Path) -> dict[str, set[bytes]]:
    """What would tell each of the cast, by column, in every form it might be written in."""
    digits = [member.digits for member in CAST]
    roll = pl.read_csv(folder / ROLL.name, infer_schema_length=0)
    cast = roll.filter(pl.col("upn").str.slice(1).is_in(digits))
    assert cast.height == len(CAST)
    found = {column: set(cast[column].drop_nulls()) for column in _PERSONAL}
    for day in list(found["date_of_birth"]):
        year, month, date = day.split("-")
        found["date_of_birth"] |= {f"{date}/{month}/{year}", f"{year}{month}{date}"}
    found["postcode"] |= {code.replace(" ", "") for code in found["postcode"]}
    found["upn"] |= {upn[1:] for upn in found["upn"]}
    assert all(found.values())
    return {
        column: {text.encode() for text in texts} | {text.upper().encode() for text in texts}
        for column, texts in found.items()
    }


@pytest.fixture(scope="module")
def clear(home: Home, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The home's very rows in stores without encryption: one as it is built, one unpacked."""
    root = tmp_path_factory.mktemp("clear")
    in_use = versions.find_current_version(home.store)
    assert in_use is not None
    rows = build.read_rows(in_use, Keys.load(home, keys_at(home.folder)).store)
    built = root / "store-1.duckdb"
    build.write_version(built, None, rows)
    return [built, _unpacked(built, root / "unpacked.duckdb")]


def _unpacked(path: Path, to: Path) -> Path:
    """The same store with every column as it is: packed text cannot be searched for."""
    with duckdb.connect() as connection:
        connection.execute("set force_compression = 'uncompressed'")
        connection.execute(
            format_sql("attach {path:literal} as packed (read_only)", path=str(path))
        )
        connection.execute(format_sql("attach {path:literal} as plain", path=str(to)))
        connection.execute("copy from database packed to plain")
        connection.execute("checkpoint plain")
    return to


def told(content: bytes, values: dict[str, set[bytes]], shortest: int = 0) -> list[str]:
    """The columns of which a value stands in `content`."""
    return [
        column
        for column, texts in values.items()
        if any(text in content for text in texts if len(text) >= shortest)
    ]


# The search itself


def test_the_exports_hold_what_is_searched_for(folder: Path, values: dict[str, set[bytes]]) -> None:
    """The control of the search: it finds each personal column in the roll's own bytes."""
    assert told((folder / ROLL.name).read_bytes(), values) == _PERSONAL
    for name in (CARE_EPISODES.name, ATTENDANCE.name):
        assert told((folder / name).read_bytes(), values) == ["upn"]


@pytest.mark.slow
@pytest.mark.parametrize("column", _PERSONAL)
def test_a_planted_value_is_found(
    clear: list[Path], values: dict[str, set[bytes]], tmp_path: Path, column: str
) -> None:
    """The control of the store: one value in one row of it is found, and its column named."""
    value = max(values[column], key=len)
    planted = tmp_path / "planted.duckdb"
    shutil.copy(clear[1], planted)
    with duckdb.connect() as connection:
        connection.execute("set force_compression = 'uncompressed'")
        connection.execute(format_sql("attach {path:literal} as plain", path=str(planted)))
        connection.execute(
            "update plain.raw_school set school_name = $name", {"name": value.decode()}
        )
        connection.execute("checkpoint plain")
    assert column in told(planted.read_bytes(), values)


# What is searched


@pytest.mark.slow
@pytest.mark.parametrize("number", [0, 1], ids=["as built", "unpacked"])
def test_the_store_holds_no_personal_value(
    clear: list[Path], values: dict[str, set[bytes]], number: int
) -> None:
    """Every byte of the store, before it is encrypted, pages and leftovers alike."""
    content = clear[number].read_bytes()
    assert b"Quarry Lane Junior School" in content
    assert told(content, values) == []


@pytest.mark.slow
def test_no_text_of_the_store_is_a_personal_value(
    clear: list[Path], values: dict[str, set[bytes]]
) -> None:
    """Also by cells: no column of any table or view holds one, in any case of letters."""
    with duckdb.connect(str(clear[0]), read_only=True) as connection:
        query = """
            select table_name, column_name from information_schema.columns
            where data_type = 'VARCHAR' and table_name like 'raw_%'
        """
        cells = {
            str(cell).encode().upper()
            for table, column in connection.execute(query).fetchall()
            for (cell,) in connection.execute(f"select distinct {column} from {table}").fetchall()
        }
    assert b"QUARRY LANE JUNIOR SCHOOL" in cells
    assert [column for column, texts in values.items() if texts & cells] == []


@pytest.mark.slow
def test_no_date_of_birth_is_a_date_of_the_store(
    clear: list[Path], values: dict[str, set[bytes]]
) -> None:
    """Dates are kept as numbers, which no search for text finds: so they are asked for."""
    births = {text.decode() for text in values["date_of_birth"] if text.count(b"-") == 2}
    assert len(births) == len(CAST)
    with duckdb.connect(str(clear[0]), read_only=True) as connection:
        query = """
            select table_name, column_name from information_schema.columns
            where data_type in ('DATE', 'TIMESTAMP')
              and table_name not in ('raw_calendar_day', 'raw_mark')
              and table_name like 'raw_%'
        """
        columns = connection.execute(query).fetchall()
        assert ("raw_enrolment", "entry_date") in columns
        for table, column in columns:
            cells = connection.execute(f"select distinct {column}::date::text from {table}")
            assert births.isdisjoint(cell for (cell,) in cells.fetchall()), (table, column)


def test_the_home_holds_no_personal_value(
    home: Home, values: dict[str, set[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Store, vault, log, pointers, locks and leftovers; names of files too."""
    monkeypatch.setenv("LAC_KEYS", keys_at(home.folder)["LAC_KEYS"])
    session = access.open(home.folder, actor="test", role="dsl", purpose="test")
    session.enter("child", session.read("select pupil_id from cohort_member")["pupil_id"][0])
    files = {path.relative_to(home.folder).as_posix(): path.read_bytes()
             for path in home.folder.rglob("*") if path.is_file()}  # fmt: skip
    assert {
        "home.toml",
        "store/CURRENT",
        "store/store-1.duckdb",
        "vault/vault.json",
        "vault/public_key",
        "log/access.jsonl",
    } <= set(files)
    for name, content in files.items():
        is_random = name.startswith(("store/store-", "vault/"))
        assert told(content, values, _LONG_ENOUGH if is_random else 0) == [], name
        assert told(name.encode(), values) == []


def test_the_encrypted_store_holds_no_text_at_all(home: Home) -> None:
    """Not the school's name, nor a table's: a stolen file is noise."""
    in_use = versions.find_current_version(home.store)
    assert in_use is not None
    content = in_use.read_bytes()
    for text in (b"Quarry Lane", b"raw_mark", b"looked after", b"select"):
        assert text not in content


def test_the_vault_still_knows_who_each_child_is(home: Home, values: dict[str, set[bytes]]) -> None:
    """What is nowhere in the clear is sealed, whole, for the safeguarding lead's key."""
    environ = keys_at(home.folder)
    vault = Vault.open(home, Keys.load(home, environ))
    opening = load_demo_private_key(home, environ)
    identities = [vault.open_identity(each.pupil_id, opening) for each in vault.pupils]
    surnames = {str(identity["surname"]).encode() for identity in identities}
    assert {member.surname.encode() for member in CAST} <= surnames
    assert surnames & values["surname"]
    assert set().union(*identities) <= set(_PERSONAL)


def test_the_keys_hold_no_personal_value(home: Home, values: dict[str, set[bytes]]) -> None:
    """Keys are numbers."""
    for path in Path(keys_at(home.folder)["LAC_KEYS"]).rglob("*.key"):
        assert told(path.read_bytes(), values) == []
