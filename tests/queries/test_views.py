"""The rules of the house that every view keeps: layers, headers, names, and a spec each."""

import ast
import re
from pathlib import Path

import duckdb
import pytest

from dashboard.text import rules
from queries import reference
from queries.contract import TABLES, sql
from queries.views import parse, views
from safeguards.access import roles
from tests.support import texts
from tests.support.small_store import SmallStore

TESTS = Path(__file__).parents[1]
#: Every module that shows something to people, and the words of the pages.
SHOWN = sorted(
    path
    for folder, kind in (("dashboard", "*.py"), ("dashboard", "words.toml"), ("notebooks", "*.py"))
    for path in (TESTS.parent / folder).rglob(kind)
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
_MADE = {(name, each.select) for name, each in sql.build_views().items() if name not in _STAGED}
_RESTATING = {view for view in VIEWS if (view.name, view.select) in _MADE}
#: Steps on the way to a mart that shows each thing they decide: its spec is theirs.  A list of
#: cases by hand or a second answer, in plain Python, stands behind each of these marts.
_SHOWN_BY = {
    "every_duty": "int_duty int_step int_duty_step int_duty_ehcp int_duty_suspension "
    "int_protection_event int_duty_check_up int_duty_pep int_school_heard int_booking "
    "int_in_care stg_health stg_calendar_day",
    "every_look": "int_look_absence int_look_crossed int_look_follow_up int_look_late "
    "int_look_day int_look_change int_look_missed int_look_no_reason int_look_overdue "
    "int_look_review int_look_week int_recent_day",
    "pupil_attendance": "int_pupil_day int_pupil_year",
    "premium_term": "int_premium",
    "school_week_attendance": "stg_school_week",
    "sdq_coverage": "int_yearly_sdq",
    "cohort_member": "stg_enrolment",
    "pupil_words": "stg_words",
    "school_load": "stg_load",
}
_STEPS = {step for steps in _SHOWN_BY.values() for step in steps.split()}
#: Those that need a spec.
WRITTEN = [view for view in VIEWS if view not in _RESTATING and view.name not in _STEPS]
#: Literals of views that are names: year groups, an age, rules, the group of a national line.
_NAMES_WITH_NUMBERS = {
    *(
        "Years 3 and 4",
        "Years 5 and 6",
        "under 5",
        "RHA_U5",
        "RHA_5PLUS",
        "ADOPTION_REVIEW_1",
        "LAC_REVIEW_1",
    ),
    "looked after 12 months",
    "C2",  # a code of the register
}
#: What no row of rules says.
_FIGURES_OF_NO_RULE = (
    "two sessions a day, AM and PM",  # the register's own
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
    """DuckDB's own parse finds the same of each, of those that follow from the registry too."""
    with duckdb.connect(config={"threads": 1}) as parser:
        for view in VIEWS:
            tree = parse.parse_select(parser, view.select)
            assert parse.find_tables(tree) == view.dependencies, view.name
            asks = {"as_at", "register_day"} & parse.find_functions(tree)
            assert bool(asks) == view.has_day, view.name


def _find_faults_of_spec(name: str) -> list[str]:
    """What a view's spec lacks: the view, and in each test a rule in words and an assertion."""
    spec = TESTS / "spec" / f"test_{name}.py"
    if not spec.exists():
        return [f"{name} has no spec: write {spec}, or name it in `_SHOWN_BY` of {__file__}"]
    text = spec.read_text(encoding="utf-8")
    functions = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    tests = [each for each in functions if each.name.startswith("test_")]
    faults = [] if tests and f'"{name}"' in text else [f"{name} is not asked"]
    for test in tests:
        if not ast.get_docstring(test):
            faults.append(f"{test.name} does not say its rule")
        if not any(isinstance(node, (ast.Assert, ast.With)) for node in ast.walk(test)):
            faults.append(f"{test.name} asserts nothing")
    return faults


def test_every_view_has_a_spec() -> None:
    """No view without a file of its own that asks it and asserts what it answers.

    But one that only restates the registry, which test_contract.py asks, and a step whose
    mart's spec asks for it.
    """
    assert [fault for view in WRITTEN for fault in _find_faults_of_spec(view.name)] == []
    for mart, steps in _SHOWN_BY.items():
        for step in steps.split():
            dependents = {view.name for view in views.list_dependents([step])}
            assert mart in dependents, f"{mart} does not read {step}: correct `_SHOWN_BY`"


def test_every_spec_has_a_view() -> None:
    """A spec whose view is gone is gone too."""
    specs = {path.stem.removeprefix("test_") for path in (TESTS / "spec").glob("test_*.py")}
    assert {view.name for view in WRITTEN} | {"functions"} <= specs
    assert specs <= {view.name for view in VIEWS} | {"functions"}


def test_every_function_has_a_test() -> None:
    """Its words stand above it, and the list of calls or the spec of the store has its name."""
    told = ("golden/functions.txt", "spec/test_functions.py", "queries/test_store.py")
    specs = [TESTS / path for path in told]
    called = "".join(spec.read_text(encoding="utf-8") for spec in specs)
    for path in FUNCTIONS.glob("*.sql"):
        text = path.read_text(encoding="utf-8")
        assert text.startswith("-- "), path.stem
        assert f"create macro {path.stem}(" in text
        assert f"{path.stem}(" in called


def test_headers_say_grain_and_key() -> None:
    """A definition, a key, and for marts and checks whose eyes it is for."""
    for view in VIEWS:
        assert len(view.definition) > 5, view.name
        assert view.definition.endswith("."), view.name
        assert view.key, view.name
        has_category = view.find_field("Category") is not None
        assert has_category == (view.layer in ("marts", "checks")), view.name


def test_somebody_may_see_each_category() -> None:
    """What the header names is a category of roles, and a role may view it on some page.

    What the report counts is viewed by nobody: the gate reads it.
    """
    for view in VIEWS:
        category = view.find_field("Category")
        if category is not None:
            action = "report" if category == "report" else "view"
            seen = [category in roles.list_categories(role, action) for role in roles.ROLES]
            assert category in roles.CATEGORIES, view.name
            assert any(seen), view.name


#: The rule of queries/views/views.py, as written there: how a layer's names begin, and whom it
#: reads.
_LAYERS = {
    "staging": ("stg_", {"raw"}),
    "intermediate": ("int_", {"ref", "staging", "intermediate"}),
    "marts": ("", {"ref", "staging", "intermediate", "marts"}),
    "checks": ("check_", {"ref", "staging", "intermediate", "marts"}),
}


def test_names_tell_the_layer_which_reads_what_it_may() -> None:
    """Each reads those below it and itself; only staging reads raw_, one table a view."""
    layers = {view.name: view.layer for view in VIEWS}
    for view in VIEWS:
        prefix, may_read = _LAYERS[view.layer]
        assert view.name.startswith(prefix)
        is_mart = not view.name.startswith(("raw_", "ref_", "stg_", "int_", "check_"))
        assert is_mart == (view.layer == "marts"), view.name
        read = {layers.get(name, name.split("_")[0]) for name in view.dependencies}
        assert read <= may_read, view.name
        if view.layer == "staging":
            assert view.dependencies == {f"raw_{view.name.removeprefix('stg_')}"}


def test_a_childs_row_says_its_school(case: SmallStore) -> None:
    """Every mart about a child has school_key, as raw_ and stg_ have, and is keyed by the child.

    An intermediate has it where one that reads it needs the school's calendar or totals.
    """
    for view in VIEWS:
        columns = case.connection.table(view.name).columns
        if view.layer == "staging" or (view.layer == "marts" and "pupil_key" in columns):
            assert "school_key" in columns, view.name
        elif "pupil_key" in columns and "school_key" in columns:
            readers = [other for other in VIEWS if view.name in other.dependencies]
            assert any("school_key" in reader.select for reader in readers), view.name
        if view.layer != "staging" and {"school_key", "pupil_key"} <= {*view.key}:
            assert view.name in REGISTERS, view.name


#: Of a child who is on the rolls of two schools at once, each has a register and sums of its own.
REGISTERS = {
    *("int_mark_classified", "int_pupil_day", "int_unmarked_session", "pupil_session"),
    *("premium_term", "report_child"),
}


def test_columns_are_listed() -> None:
    """No star, no clock, no rounding, no table without its columns.

    What is some rows of another view, or all rows of several, has the columns that those list.
    """
    for view in VIEWS:
        code = re.sub(r"--[^\n]*", "", view.select)
        assert not re.search(r"select\s+(distinct\s+)?(\w+\.)?\*|\bexclude\b|columns\(", code)
        assert not re.search(r"\b(current_date|current_timestamp|today\(|now\(|get_current)", code)
        assert not re.search(r"\bround\(|\bright join\b|group by \d|group by all", code), view.name
        assert code == code.lower() or re.search(r"'[^']*[A-Z]", code), view.name


def test_what_can_be_null_is_a_column(case: SmallStore) -> None:
    """A header names no column that is not there, and none of its key."""
    for view in VIEWS:
        columns = set(case.connection.table(view.name).columns)
        assert set(view.nullable) <= columns - set(view.key), view.name


def test_only_the_macro_reads_the_day() -> None:
    """Views ask as_at() and register_day(), which raise when no day is set, never a variable."""
    for view in VIEWS:
        assert "getvariable" not in view.select
        assert view.has_day == bool(re.search(r"\b(as_at|register_day)\(\)", view.select))
        assert not (view.has_day and view.layer == "staging")
    assert "pupil_week_attendance" not in views.find_day_dependent_names()
    checks = {view.name for view in VIEWS if view.layer == "checks"}
    assert checks - views.find_day_dependent_names() == {
        *("check_left_out", "check_off_newest_roll", "check_permanence_order"),
        *("check_step_order", "check_unusual"),
    }


def test_numbers_are_rules_and_rules_are_rows() -> None:
    """Of numbers only 0, 1 and 4 stand in a view; thresholds are rows.

    4 is from Monday to Friday, and the last of Years 3 and 4, which say so in their name.
    Neither a literal nor the header, which is Help, writes a figure in words.
    """
    for view in VIEWS:
        code = re.sub(r"--[^\n]*|'[^']*'|\bint_\w+", "", view.select)
        assert set(re.findall(r"(?<![\w.])\d+(?:\.\d+)?", code)) <= {"0", "1", "4"}, view.name
        literals = re.findall(r"'([^']*)'", re.sub(r"--[^\n]*", "", view.select))
        with_digits = {each for each in literals if re.search(r"\d", each)}
        assert with_digits <= _NAMES_WITH_NUMBERS, view.name
        comments = re.findall(r"--([^\n]*)", view.select)
        assert texts.find_figures("\n".join([view.definition, *comments, *literals])) == []


def test_no_page_report_or_notebook_writes_a_figure() -> None:
    """A rule's words come from its row: `dashboard.text.rules` makes them."""
    for path in SHOWN:
        shown = "\n".join(texts.list_texts(path, figure="{}"))
        for text in _FIGURES_OF_NO_RULE:
            shown = shown.replace(text, "")
        assert texts.find_figures(shown) == [], path


#: In digits and in letters, of shares, times, sessions and children.
_WRITTEN = (
    *("missed 1 in 10 or more", "1 session in 10", "one in ten", "10 % of sessions", "8%"),
    *("ten per cent", "before six school weeks", "6 weeks", "every 12-month measure"),
    *("twenty school days", "-12mo", "over half of it", "fewer than 6 children"),
    "takes out 1 to 5",
)


def test_a_written_figure_is_found() -> None:
    """Each once."""
    found = {text: texts.find_figures(f"Some text: {text}, and more.") for text in _WRITTEN}
    assert {text for text, figures in found.items() if len(figures) != 1} == set()


def test_a_name_of_a_figure_is_that_of_a_row() -> None:
    """In every header, so that Help can fill it, on any day."""
    figures = rules.list_figures({})
    named = {name for view in VIEWS for name in re.findall(r"\{(\w+)\}", view.comment)}
    assert {"persistent_absence", "action_closes_days"} <= named <= figures.keys()


def _list_columns(case: SmallStore) -> list[tuple[str, str, str]]:
    query = "select table_name, column_name, data_type from information_schema.columns"
    return case.connection.execute(query).fetchall()


def test_no_column_is_personal(case: SmallStore) -> None:
    """No table or view has a column for a name, a birth, an age, an address or a UPN."""
    columns = [(table, column) for table, column, _ in _list_columns(case)]
    assert ("raw_pupil", "pupil_id") in columns
    found = {(table, column) for table, column in columns if _PERSONAL.fullmatch(column)}
    # a band on a dated event's own row, which gives no birthday away (DESIGN, decision 7)
    assert found == {("raw_health", "age_band"), ("stg_health", "age_band")}


def test_column_names_say_their_unit(case: SmallStore) -> None:
    """No _flag, _pct or bare 0/1; is_ and has_ are booleans, _rate a share, _date a date."""
    for table, column, kind in _list_columns(case):
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
            assert kind in ("TINYINT", "INTEGER", "BIGINT"), where
        assert kind != "HUGEINT", where


def test_raw_rows_say_where_they_are_from(case: SmallStore) -> None:
    """Every raw_ row has its school, file and load (a load has only itself)."""
    columns: dict[str, set[str]] = {}
    for table, column, _ in _list_columns(case):
        columns.setdefault(table, set()).add(column)
    raw = {name for name in columns if name.startswith("raw_")} - {"raw_load"}
    assert len(raw) > 20
    assert [
        name for name in raw if not {"school_key", "source_id", "load_id"} <= columns[name]
    ] == []


#: By list, what a rule may leave open.
_MAY_BE_BLANK = {
    "attendance_code": ("half",),
    "deadline": ("subject", "applies_at"),
    "key_stage": ("note",),
    "action_kind": ("chases",),
    "look": ("window_unit", "answered_by"),
    "protection_event": ("stage", "subject"),
    "test_kind": ("expected",),
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


#: Views that may hold one row against many without a key, and the rows on the small side.
_NESTED_LOOPS = {
    "annual_count": "the day of the register",
    "former_step": "the kinds of step",
    "int_look_crossed": "one threshold",
    "int_look_day": "the rules of looks",
    "int_look_late": "one threshold",
    "int_look_overdue": "the rules of looks",
    "int_look_review": "the day asked for",
    "key_stage_result": "the key stages",
    "overdue_count": "the day asked for",
    "phase_attendance": "the day of the register",
    "pupil_pep": "the terms of a school",
    "report_line": "the national lines",
    "school_week_attendance": "the latest load of a school",
}


def test_no_view_holds_all_against_all(small_store: SmallStore) -> None:
    """A join without a key grows with the square of the children, but where one side is small."""
    for threshold in ("nested_loop_join_threshold", "merge_join_threshold"):
        small_store.connection.execute(f"set {threshold} = 0")
    try:
        found = {
            view.name
            for view in VIEWS
            if "NL_JOIN" in str(small_store.connection.execute(f"explain {view.select}").fetchall())
        }
    finally:
        for threshold in ("nested_loop_join_threshold", "merge_join_threshold"):
            small_store.connection.execute(f"reset {threshold}")
    assert found == set(_NESTED_LOOPS)
