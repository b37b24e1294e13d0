"""The rules of the house that every view keeps: layers, headers, names, and a spec each."""

import ast
import re
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from dashboard.text import rules
from queries import reference
from queries.contract import TABLES, sql
from queries.store import store
from queries.views import generate, views
from queries.views.views import View
from safeguards.access import roles
from tests.support import texts
from tests.support.oracle import worlds

TESTS = Path(__file__).parents[1]
#: Every module that shows something to people.
SHOWN = sorted(
    path
    for folder in ("dashboard", "notebooks")
    for path in (TESTS.parent / folder).rglob("*.py")
    if path.name != "rules.py"
)
FUNCTIONS = TESTS.parent / "queries" / "functions"
VIEWS = tuple(views.load_views().values())
#: Staging views that work something out of a row; every other made one restates the registry.
_STAGED = {
    f"stg_{each.table.stem}"
    for each in TABLES.values()
    if each.table and not {*each.table.staged.values()} <= {*each.stored_names}
}
_RESTATING = {View(name, *each) for name, each in sql.build_views().items() if name not in _STAGED}
#: Those that need a spec.
WRITTEN = [view for view in VIEWS if view not in _RESTATING]
#: Literals of views that are names: year groups, an age, rules, the group of a national line.
_NAMES_WITH_NUMBERS = {
    *("Years 3 and 4", "Years 5 and 6", "under 5", "RHA_U5", "RHA_5PLUS", "LAC_REVIEW_1"),
    "looked after 12 months",
    "C2",  # a code of the register
}
#: What no row of rules says.
_FIGURES_OF_NO_RULE = (
    "two sessions a day: AM and PM",  # the register's own
    "missed 14 sessions",  # an example of a sentence about a child
    "at 400% zoom",
    "know two children fully",
    "Start with 18 children",
)

#: Names that would hold, or give away, who a child is.
_PERSONAL = re.compile(
    r"\b(upn|forename|surname|first_name|last_name|full_name|preferred_name|initial|dob|"
    r"\w*birth\w*|age|age_\w+|address|postcode|phone|email|gender|ethnicity)\b"
)


def test_what_is_known_of_the_views_is_what_their_sql_says() -> None:
    """`python -m queries.views.generate` brings known.csv up to date."""
    assert generate.render_known() == views.KNOWN.read_text(encoding="utf-8")


@pytest.mark.parametrize("view", WRITTEN, ids=lambda view: view.name)
def test_every_view_has_a_spec(view: View) -> None:
    """No view without a file of its own that asks it and asserts what it answers.

    But one that only restates the registry, which test_contract.py asks.
    """
    spec = TESTS / "spec" / f"test_{view.name}.py"
    assert spec.exists(), f"{view.layer}/{view.name}.sql has no spec"
    tests = [
        node
        for node in ast.walk(ast.parse(spec.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]
    assert tests
    for test in tests:
        assert ast.get_docstring(test), f"{test.name} does not say its rule"
        assert any(isinstance(node, (ast.Assert, ast.With)) for node in ast.walk(test))
    assert f'"{view.name}"' in spec.read_text(encoding="utf-8") or view.name in _strings(spec)


def _strings(spec: Path) -> str:
    tree = ast.parse(spec.read_text(encoding="utf-8"))
    return " ".join(str(node.value) for node in ast.walk(tree) if isinstance(node, ast.Constant))


def test_every_spec_has_a_view() -> None:
    """A spec whose view is gone is gone too."""
    specs = {path.stem.removeprefix("test_") for path in (TESTS / "spec").glob("test_*.py")}
    assert {view.name for view in WRITTEN} | {"functions"} <= specs
    assert specs <= {view.name for view in VIEWS} | {"functions"}


@pytest.mark.parametrize("path", sorted(FUNCTIONS.glob("*.sql")), ids=lambda path: path.stem)
def test_every_function_has_a_test(path: Path) -> None:
    """Its words stand above it, and a spec or a rule of this file calls it by name."""
    text = path.read_text(encoding="utf-8")
    assert text.startswith("-- ")
    assert f"create macro {path.stem}(" in text
    here = Path(__file__)
    specs = (TESTS / "spec" / "test_functions.py", here, here.with_name("test_store.py"))
    assert any(f"{path.stem}(" in spec.read_text(encoding="utf-8") for spec in specs)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_headers_say_grain_and_key(view: View) -> None:
    """A definition, a key, and for marts and checks whose eyes it is for."""
    assert len(view.definition) > 5
    assert view.definition.endswith(".")
    assert view.key
    is_public = view.layer in ("marts", "checks")
    assert (view.find_field("Category") is not None) == is_public
    assert (view.find_field("Severity") is not None) == (view.layer == "checks")


@pytest.mark.parametrize(
    "view",
    [view for view in VIEWS if view.layer in ("marts", "checks")],
    ids=lambda view: view.name,
)
def test_somebody_may_see_each_category(view: View) -> None:
    """What the header names is a category of roles, and a role may view it on some page.

    What the report counts is viewed by nobody: the gate reads it.
    """
    category = view.find_field("Category")
    assert category in roles.CATEGORIES
    action = "report" if category == "report" else "view"
    assert any(category in roles.list_categories(role, action) for role in roles.ROLES)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_names_tell_the_layer(view: View) -> None:
    """stg_, int_ and check_ are the layers' own; marts have no prefix."""
    prefix = {"staging": "stg_", "intermediate": "int_", "checks": "check_", "marts": ""}
    assert view.name.startswith(prefix[view.layer])
    if view.layer == "marts":
        assert not view.name.startswith(("raw_", "ref_", "stg_", "int_", "check_"))


#: The rule of queries/views/views.py, as written there: whom each layer reads.
_MAY_READ = {
    "staging": {"raw"},
    "intermediate": {"ref", "staging", "intermediate"},
    "marts": {"ref", "staging", "intermediate", "marts"},
    "checks": {"ref", "staging", "intermediate", "marts"},
}


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_each_layer_reads_what_it_may(view: View) -> None:
    """Each reads those below it and itself; only staging reads raw_, one table a view."""
    layers = {other.name: other.layer for other in VIEWS}
    read = {layers.get(name, name.split("_")[0]) for name in view.dependencies}
    assert read <= _MAY_READ[view.layer]
    if view.layer == "staging":
        assert view.dependencies == {f"raw_{view.name.removeprefix('stg_')}"}


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_a_child_has_its_school_once(view: View, db: duckdb.DuckDBPyConnection) -> None:
    """A child's row is keyed by the child, and has a school where somebody asks for it.

    raw_ and stg_ always have it; of marts and checks about a child only cohort_member.  An
    intermediate has it where one that reads it needs the school's calendar or totals.
    """
    columns = {column for table, column in _columns(db) if table == view.name}
    if view.layer == "staging":
        assert "school_key" in columns or view.name == "stg_load"
    elif "pupil_key" in columns and "school_key" in columns:
        assert "school_key" not in view.key
        readers = [other for other in VIEWS if view.name in other.dependencies]
        asked = any("school_key" in reader.select for reader in readers)
        assert view.name == "cohort_member" or (view.layer == "intermediate" and asked)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_what_a_view_reads_stands_after_from_or_join(view: View) -> None:
    """The order of building rests on DuckDB's parse; a plain search finds the same."""
    named = set(re.findall(r"\b(?:from|join)\s+([a-z_]+)\b(?!\()", view.select))
    steps = set(re.findall(r"\b([a-z_]+)\s+as\s+(?:materialized\s+)?\(", view.select))
    assert view.dependencies == named - steps


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_columns_are_listed(view: View) -> None:
    """No star, no clock, no rounding, no table without its columns."""
    code = re.sub(r"--[^\n]*", "", view.select)
    assert not re.search(r"select\s+(distinct\s+)?(\w+\.)?\*|\bexclude\b|columns\(", code)
    assert not re.search(r"\b(current_date|current_timestamp|today\(|now\(|get_current)", code)
    assert not re.search(r"\bround\(|\bright join\b|group by \d|group by all", code)
    assert code == code.lower() or re.search(r"'[^']*[A-Z]", code)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_what_can_be_null_is_a_column(view: View, db: duckdb.DuckDBPyConnection) -> None:
    """A header names no column that is not there, and none of its key."""
    assert set(view.nullable) <= set(db.table(view.name).columns) - set(view.key)


def test_only_the_macro_reads_the_day() -> None:
    """Views ask as_at(), which raises when no day is set, never the variable itself."""
    for view in VIEWS:
        assert "getvariable" not in view.select
    staging = [view for view in VIEWS if view.layer == "staging"]
    assert not any("as_at()" in view.select for view in staging)
    assert "as_at()" not in views.load_views()["pupil_week_attendance"].select


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_numbers_are_rules_and_rules_are_rows(view: View) -> None:
    """Of numbers only 0, 1 and 4 stand in a view; thresholds are rows.

    4 is from Monday to Friday, and the last of Years 3 and 4, which say so in their name.
    Neither a literal nor the header, which is Help, writes a figure in words.
    """
    code = re.sub(r"--[^\n]*|'[^']*'|\bint_\w+", "", view.select)
    assert set(re.findall(r"(?<![\w.])\d+(?:\.\d+)?", code)) <= {"0", "1", "4"}
    literals = re.findall(r"'([^']*)'", re.sub(r"--[^\n]*", "", view.select))
    assert {each for each in literals if re.search(r"\d", each)} <= _NAMES_WITH_NUMBERS
    comments = re.findall(r"--([^\n]*)", view.select)
    assert texts.find_figures("\n".join([view.definition, *comments, *literals])) == []


@pytest.mark.parametrize("path", SHOWN, ids=lambda path: path.stem)
def test_no_page_report_or_notebook_writes_a_figure(path: Path) -> None:
    """A rule's words come from its row: `dashboard.text.rules` makes them."""
    shown = "\n".join(texts.list_texts(path, figure="{}"))
    for text in _FIGURES_OF_NO_RULE:
        shown = shown.replace(text, "")
    assert texts.find_figures(shown) == []


@pytest.mark.parametrize(
    "text",
    [
        "missed 1 in 10 or more",
        "1 session in 10",
        "one in ten",
        "10 % of sessions",
        "8%",
        "ten per cent",
        "before six school weeks",
        "6 weeks",
        "every 12-month measure",
        "twenty school days",
        "-12mo",
        "over half of it",
        "fewer than 6 children",
        "takes out 1 to 5",
    ],
)
def test_a_written_figure_is_found(text: str) -> None:
    """In digits and in letters, of shares, times, sessions and children."""
    assert len(texts.find_figures(f"Some text: {text}, and more.")) == 1


def test_a_name_of_a_figure_is_that_of_a_row() -> None:
    """In every header, so that Help can fill it, on any day."""
    figures = rules.list_figures({})
    named = {name for view in VIEWS for name in re.findall(r"\{(\w+)\}", view.comment)}
    assert {"persistent_absence", "action_closes_days"} <= named <= figures.keys()


def _columns(db: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    query = "select table_name, column_name from information_schema.columns"
    return [(table, column) for table, column in db.execute(query).fetchall()]


def test_no_column_is_personal(db: duckdb.DuckDBPyConnection) -> None:
    """No table or view has a column for a name, a birth, an age, an address or a UPN."""
    columns = _columns(db)
    assert ("raw_pupil", "pupil_id") in columns
    found = {(table, column) for table, column in columns if _PERSONAL.fullmatch(column)}
    # a band on a dated event's own row, which gives no birthday away (DESIGN, decision 7)
    assert found == {("raw_health", "age_band"), ("stg_health", "age_band")}


def test_column_names_say_their_unit(db: duckdb.DuckDBPyConnection) -> None:
    """No _flag, _pct or bare 0/1; is_ and has_ are booleans, _rate a share, _date a date."""
    query = "select table_name, column_name, data_type from information_schema.columns"
    for table, column, kind in db.execute(query).fetchall():
        where = f"{table}.{column}"
        assert not column.endswith(("_flag", "_pct", "_val", "_data")), where
        is_named_by_the_export = (table, column) == ("raw_pep", "child_attended")
        is_boolean = column.startswith(("is_", "has_")) or is_named_by_the_export
        assert (kind == "BOOLEAN") == is_boolean, where
        if column.endswith("_date"):
            assert kind == "DATE", where
        if column.endswith("_rate"):
            assert kind == "DOUBLE", where
        if column.endswith(("_sessions", "_weeks", "_days", "_children", "_count")):
            assert kind in ("INTEGER", "BIGINT"), where
        assert kind != "HUGEINT", where


def test_raw_rows_say_where_they_are_from(db: duckdb.DuckDBPyConnection) -> None:
    """Every raw_ row has its school, file and load (a load has only itself)."""
    columns = _columns(db)
    raw = {table for table, _ in columns if table.startswith("raw_")} - {"raw_load"}
    for table in raw:
        for column in ("school_key", "source_id", "load_id"):
            assert (table, column) in columns


@pytest.mark.slow
def test_a_view_of_a_day_raises_without_one() -> None:
    """Every view that answers otherwise on another day raises when no day is set."""
    depends = {view.name for view in VIEWS if _depends_on_the_day(view)}
    assert {view.name for view in VIEWS if view.layer == "checks"} - depends == {
        "check_dated_ahead",
        "check_left_out",
        "check_off_newest_roll",
        "check_permanence_order",
        "check_step_order",
        "check_unusual",
    }
    seen: set[str] = set()
    with closing(duckdb.connect(config={"threads": 1})) as connection:
        store.create_tables(connection)
        views.create_views(connection, materialise=False)
        for number in range(30):
            world = worlds.drawn_world(number)
            worlds.load(connection, world)
            for name in sorted(depends - seen):
                worlds.ask(connection, world.data_until)
                if connection.execute(f"from {name}").fetchall():
                    seen.add(name)
                    connection.execute("reset variable as_at")
                    with pytest.raises(duckdb.Error, match="as_at is not set"):
                        connection.execute(f"from {name}").fetchall()
            for table in worlds.frames(world):
                connection.execute(f"truncate {table}")
    assert seen == depends


def _depends_on_the_day(view: View) -> bool:
    others = [views.load_views()[name] for name in view.dependencies if name in views.load_views()]
    return "as_at()" in view.select or any(_depends_on_the_day(other) for other in others)


#: By list, what a rule may leave open.
_MAY_BE_BLANK = {
    "attendance_code": ("half",),
    "deadline": ("subject", "applies_at"),
    "look": ("window_unit", "formerly"),
    "protection_event": ("stage", "subject"),
}


@pytest.mark.parametrize("name", reference.list_reference_names())
def test_rules_have_a_source_and_do_not_overlap(name: str) -> None:
    """Each row of a list is whole, says where it is from, and one rule holds at a time."""
    rows = reference.read(name)
    blank = {column for column in rows.columns if rows[column].null_count()}
    assert blank <= {"valid_from", "valid_to", *_MAY_BE_BLANK.get(name, ())}
    if {"valid_from", "valid_to"} <= set(rows.columns):
        key = rows.columns[0]
        for (rule,), held in rows.group_by(key):
            days = held.sort("valid_from")
            starts, ends = days["valid_from"].to_list()[1:], days["valid_to"].to_list()[:-1]
            assert all(
                end is not None and start is not None and end <= start
                for start, end in zip(starts, ends, strict=True)
            ), rule


@pytest.mark.parametrize(
    ("day", "year"),
    [
        ("2026-07-31", "2025/26"),
        ("2026-08-01", "2026/27"),
        ("2027-01-01", "2026/27"),
        ("2099-12-31", "2099/00"),
        ("2009-02-28", "2008/09"),
    ],
)
def test_academic_year(db: duckdb.DuckDBPyConnection, day: str, year: str) -> None:
    """It turns on 1 August, and is written as schools write it."""
    query = "select academic_year($day::date)"
    assert db.execute(query, {"day": day}).fetchone() == (year,)


@pytest.mark.parametrize(
    ("day", "monday"),
    [("2026-11-16", "2026-11-16"), ("2026-11-22", "2026-11-16"), ("2027-01-01", "2026-12-28")],
)
def test_week_start(db: duckdb.DuckDBPyConnection, day: str, monday: str) -> None:
    """The Monday of the day's week, also over the turn of the year."""
    query = "select week_start($day::date)::varchar"
    assert db.execute(query, {"day": day}).fetchone() == (monday,)


@pytest.mark.parametrize(
    ("rule", "day", "value"),
    [
        ("persistent_absence", "2026-11-20", 0.1),
        ("persistent_absence", "2015-08-31", None),
        ("persistent_absence", "2015-09-01", 0.1),
        ("days_to_explain_n", "2024-08-18", None),
        ("days_to_explain_n", "2024-08-19", 5),
        ("weeks_before_rates", "1990-01-01", 6),
        ("no such rule", "2026-11-20", None),
    ],
)
def test_threshold(db: duckdb.DuckDBPyConnection, rule: str, day: str, value: float | None) -> None:
    """The rule that held on the day; null where none did."""
    query = "select threshold($rule, $day::date)::double"
    assert db.execute(query, {"rule": rule, "day": day}).fetchone() == (value,)
