"""No byte of a home tells who a child is or whom to call: every value is searched for.

A search that finds nothing proves something only where the same search finds a value that
is there: in the exports, and in a store in which one was planted.
"""

import re
import shutil
from pathlib import Path

import duckdb
import polars as pl
import pytest

from intake.publish import files as build
from intake.publish.merge import Rows
from queries.contract import ATTENDANCE, CARE_EPISODES, ROLL, SEALED_EXPORTS
from queries.statement import format_sql
from queries.store import versions
from safeguards.access import access
from safeguards.home.home import Home
from safeguards.journal.access_log import AccessLog
from safeguards.keys.keys import Keys
from safeguards.vault.vault import Vault
from synthetic.cast.cast import CAST
from tests.support.schools.homes import demo_home, exports, keys_at

_PERSONAL = [column.name for column in ROLL.columns if column.personal]
#: What the sealed files alone tell, beside addresses; each value is long enough to be no chance.
_SEALED = ("contact_name", "phone", "email", "address", "former_upn", "authority_child_id")
#: Chance makes a shorter text in any megabyte that is encrypted.
_LONG_ENOUGH = 6
#: So many that one of them had another pupil number before.
_CHILDREN = 40
_NAME = "Quarry Lane Junior School"

Values = dict[str, set[str]]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home.open(demo_home(tmp_path_factory.mktemp("home") / "home", children=_CHILDREN))


@pytest.fixture(scope="module")
def keys(home: Home) -> Keys:
    return Keys.load(home, keys_at(home.folder))


@pytest.fixture(scope="module")
def values() -> Values:
    """What would tell each of the cast, by column, in every form it might be written in."""
    digits = [member.digits for member in CAST]
    roll = pl.read_csv(exports(children=_CHILDREN) / ROLL.name, infer_schema_length=0)
    cast = roll.filter(pl.col("upn").str.slice(1).is_in(digits))
    assert cast.height == len(CAST)
    found = {column: set(cast[column].drop_nulls()) for column in _PERSONAL}
    for day in list(found["date_of_birth"]):
        year, month, date = day.split("-")
        found["date_of_birth"] |= {f"{date}/{month}/{year}", f"{year}{month}{date}"}
    for export in SEALED_EXPORTS:
        sealed = pl.read_csv(exports(children=_CHILDREN) / export.name, infer_schema_length=0)
        for column in set(_SEALED) & set(sealed.columns):
            found[column] = found.get(column, set()) | set(sealed[column].drop_nulls())
    found["phone"] |= {number.replace(" ", "") for number in found["phone"]}
    found["postcode"] |= {code.replace(" ", "") for code in found["postcode"]}
    found["upn"] |= {upn[1:] for upn in found["upn"]}
    assert all(found.values())
    return {column: texts | {text.upper() for text in texts} for column, texts in found.items()}


@pytest.fixture(scope="module")
def rows(home: Home, keys: Keys) -> Rows:
    in_use = versions.find_current_version(home.store)
    assert in_use is not None
    return build.read_rows(in_use, keys.store)


def find_told(content: bytes, values: Values, shortest: int = _LONG_ENOUGH) -> list[str]:
    """Return the columns of which `content` holds a value of at least `shortest` characters."""
    return [
        column
        for column, texts in values.items()
        if any(holds_value(content, text) for text in texts if len(text) >= shortest)
    ]


def holds_value(content: bytes, text: str) -> bool:
    """Return whether `content` holds `text`; digits within a longer word are chance.

    The vault writes what it encrypts in hexadecimal, where six digits in a row are common.
    """
    value = text.encode()
    if not (text.isdigit() and value in content):
        return value in content
    return re.search(rb"(?<![0-9A-Za-z])%s(?![0-9A-Za-z])" % value, content) is not None


def test_the_exports_hold_what_is_searched_for(values: Values) -> None:
    """The control of the search: it finds each personal column in the files' own bytes."""
    sealed = b"".join(
        (exports(children=_CHILDREN) / export.name).read_bytes() for export in SEALED_EXPORTS
    )
    assert set(find_told(sealed, values)) >= set(_SEALED)
    assert find_told((exports(children=_CHILDREN) / ROLL.name).read_bytes(), values, 1) == _PERSONAL
    for name in (CARE_EPISODES.name, ATTENDANCE.name):
        assert find_told((exports(children=_CHILDREN) / name).read_bytes(), values) == ["upn"]


def test_no_cell_of_the_store_is_a_personal_value(rows: Rows, values: Values) -> None:
    """No text of any raw_ table, in any case of letters, and no date of birth as a date.

    A class has two letters, as codes have: no column is called so.
    """
    texts = {
        str(cell).upper()
        for frame in rows.values()
        for column in frame.select(pl.col(pl.String))
        for cell in column.drop_nulls().unique()
    }
    assert _NAME.upper() in texts
    assert [column for column, known in values.items() if known & texts] in ([], ["class"])
    assert not [table for table, frame in rows.items() if "class" in frame.columns]
    births = {text for text in values["date_of_birth"] if text.count("-") == 2}
    assert len(births) == len(CAST)
    days_of = {
        (table, column.name): set(column.cast(pl.Date).cast(pl.String).drop_nulls())
        for table, frame in rows.items()
        if table not in ("raw_calendar_day", "raw_mark")
        for column in frame.select(pl.col(pl.Date, pl.Datetime))
    }
    assert ("raw_enrolment", "entry_date") in days_of
    assert {place: days & births for place, days in days_of.items() if days & births} == {}


def test_the_home_holds_no_personal_value(
    home: Home, values: Values, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Store, vault, log, pointers, locks and leftovers; names of files, and the keys too.

    A stolen store is noise: no name of the school's or of a table is in it.
    """
    environ = keys_at(home.folder)
    monkeypatch.setenv("LAC_KEYS", environ["LAC_KEYS"])
    session = access.open(home.folder, actor="test", role="dsl", purpose="test")
    session.enter("child", session.read("select pupil_id from cohort_member")["pupil_id"][0])
    paths = [*home.folder.rglob("*"), *Path(environ["LAC_KEYS"]).rglob("*")]
    contents = {path: path.read_bytes() for path in paths if path.is_file()}
    assert {path.name for path in contents} >= {
        *("home.toml", "CURRENT", "store-1.duckdb", "vault.json", "access.jsonl"),
        *("store.key", "log.key", "lookup.key"),
    }
    for path, content in contents.items():
        assert find_told(content, values) == [], path
        assert find_told(path.name.encode(), values) == []
    for text in (b"Quarry Lane", b"raw_mark", b"looked after", b"select"):
        assert text not in contents[home.store / "store-1.duckdb"]


def test_what_an_engine_is_given_holds_no_personal_value(
    home: Home, values: Values, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`lac export`: every cell of every file as text, for Parquet packs its bytes; by the lead."""
    monkeypatch.setenv("LAC_KEYS", keys_at(home.folder)["LAC_KEYS"])
    with pytest.raises(access.Denied):
        access.open(home.folder, role="manager", purpose="export").export_raw(tmp_path)
    assert access.open(home.folder, role="dsl", purpose="export").export_raw(tmp_path) > 0
    written = {path.stem: pl.read_parquet(path) for path in tmp_path.iterdir()}
    assert written["raw_mark"].height > 0
    for name, frame in written.items():
        assert find_told(frame.write_csv().encode(), values) == [], name
    planted = written["raw_pupil"].with_columns(handle=pl.lit(max(values["upn"])))
    assert find_told(planted.write_csv().encode(), values) == ["upn"]
    log = AccessLog(home, Keys.load(home)).read_records()
    assert [(row["event"], row["page"]) for row in log if row["page"] == "export"] == [
        ("deny", "export"),
        ("download", "export"),
    ]


def test_the_vault_still_knows_who_each_child_is(home: Home, keys: Keys) -> None:
    """What is nowhere in the clear is sealed, whole, for the safeguarding lead's key."""
    vault = Vault.open(home, keys)
    opening = Keys.load(home, keys_at(home.folder)).load_demo_key()
    identities = [vault.open_identity(each.pupil_id, opening) for each in vault.pupils]
    assert {member.person.surname for member in CAST} <= {
        str(each["surname"]) for each in identities
    }
    assert set().union(*identities) <= set(_PERSONAL)


@pytest.mark.slow
def test_no_byte_of_the_store_is_of_a_personal_value(
    rows: Rows, values: Values, tmp_path: Path
) -> None:
    """Before it is encrypted, pages and leftovers alike: as it is built, and unpacked.

    The control: one value in one row of it is found, and its column named.
    """
    built, plain = tmp_path / "store-1.duckdb", tmp_path / "plain.duckdb"
    build.write_version(built, None, rows)
    with duckdb.connect() as connection:
        # packed text cannot be searched for
        connection.execute("set force_compression = 'uncompressed'")
        for path, name in ((built, "packed"), (plain, "plain")):
            attach = "attach {path:literal} as {name}"
            connection.execute(format_sql(attach, path=str(path), name=name))
        connection.execute("copy from database packed to plain")
        connection.execute("checkpoint plain")
    for path in (built, plain):
        assert _NAME.encode() in path.read_bytes()
        assert find_told(path.read_bytes(), values) == []
    searched = [column for column in _PERSONAL if max(map(len, values[column])) >= _LONG_ENOUGH]
    assert len(searched) >= 5
    for column in searched:
        planted = Path(shutil.copy(plain, tmp_path / f"{column}.duckdb"))
        with duckdb.connect() as connection:
            connection.execute("set force_compression = 'uncompressed'")
            attach = "attach {path:literal} as plain"
            connection.execute(format_sql(attach, path=str(planted)))
            told = {"name": max(values[column], key=len)}
            connection.execute("update plain.raw_school set school_name = $name", told)
            connection.execute("checkpoint plain")
        assert column in find_told(planted.read_bytes(), values)
