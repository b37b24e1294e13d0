"""What differs between DuckDB and other engines, a row each, and the rule that carries it over."""

import inspect
from collections.abc import Iterator
from datetime import date
from types import ModuleType

import duckdb
import pytest
from pyarrow import ArrowException

from queries.errors import StoreError
from queries.views import dialect
from queries.views.engine import Engine, start_local
from queries.views.views import View
from tests.support.engines import fetch, sort
from tests.support.small_store import SmallStore

DAYS = (date(2026, 11, 20), date(2026, 11, 18))
#: Of a child: days out of order, one of them a Sunday, and a null in each column.
FACTS = """
create table facts as from (values
    (1, '2026-01-31'::date, 'AM'::mark_half, 'b', true),
    (1, '2026-11-29'::date, 'PM'::mark_half, null, false),
    (1, '2026-11-29'::date, 'AM'::mark_half, 'a', null),
    (2, null, null, 'c', true),
    (2, '2024-02-29'::date, 'PM'::mark_half, 'a', true)
) as facts (k, day, half, label, is_in)
"""
#: By rule, a select that engines answer as DuckDB does only by that rule.
DIFFERENCES = {
    "_put_macros": "select k, add_months(register_day(), -k) as a, is_weekend(day) as b from facts",
    "_name_union_columns": "select k, day, label from facts union all by name"
    " select half::varchar as label, k, is_in from facts",
    "_write_infinity": "select k, coalesce(day, 'infinity'::date) > as_at() as later,"
    " coalesce(day, '-infinity'::date) < as_at() as earlier from facts",
    "_write_enum": "select distinct unnest(['AM', 'PM']::mark_half[]) as half from facts",
    "_write_asof": "select a.k, a.day, b.label from facts as a asof left join facts as b"
    " on a.k = b.k and a.half = b.half and a.day <= b.day",
    "_write_arg_max": "select k, arg_max(label, (day, half)) filter (where k < 9) as last,"
    " arg_max_null(label, (day, half)) as then from facts where day is not null group by k",
    "_write_weekday": "select day, isodow(day) as weekday from facts",
    "_write_nulls": "select k, null as day from facts union all select k, day from facts",
    "_write_unnest": "select k, unnest({'x': label, 'y': k}) from facts",
}
#: By rule, changes of the code, each of which must be found by its select.
PLANTED = [
    ("_put_macros", 'days[1] if name == "register_day" else days[0]', "days[0]"),
    ("_put_macros", 'path.stem == "add_months"', "False"),
    ("_put_macros", "return written if is_whole else exp.paren(written)", "return exp.null()"),
    ("_name_union_columns", "_name_union_columns(tree, tables), tables)", "tree, tables)"),
    ("_name_union_columns", "[columns.get(name, nulls[name]) for name", "[nulls[name] for name"),
    ("_write_infinity", '"infinity": "9999-12-31"', '"infinity": "1999-12-31"'),
    ("_write_infinity", '"-infinity": "0001-01-01"', '"-infinity": "9999-12-31"'),
    ("_write_enum", "((exp.DataType,), _write_enum),", ""),
    ("_write_asof", "((exp.Join,), _write_asof),", ""),
    ("_write_asof", '"lag" if', '"lead" if not'),
    ("_write_asof", "exp.not_(fits)", "fits"),
    ("_write_arg_max", 'if name.endswith("_null"):', "if True:"),
    ("_write_arg_max", 'if name.endswith("_null"):', "if False:"),
    ("_write_weekday", '+ 5) % 7 + 1"', '+ 6) % 7 + 1"'),
    ("_write_nulls", "((exp.Union,), _write_nulls),", ""),
    ("_write_unnest", "((exp.Select,), _write_unnest),", ""),
]


@pytest.fixture(scope="module")
def store() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = SmallStore().connection
    connection.execute(FACTS)
    connection.execute("insert into day_asked values ($1, $2)", DAYS)
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def engine(store: duckdb.DuckDBPyConnection) -> Iterator[Engine]:
    with start_local() as address:
        made = Engine(address)
        for name in ("facts", "ref_threshold"):
            made.put(name, fetch(store, f"from {name}"))
        yield made
        made.close()


def define(select: str, name: str = "some_view") -> View:
    return View(name, "marts", "", select, frozenset(), has_day=False)


def compare(store: duckdb.DuckDBPyConnection, engine: Engine, select: str) -> None:
    wanted = fetch(store, f"from ({select})")
    found = engine.answer(define(select), DAYS)
    assert found.column_names == wanted.column_names
    assert sort(found.to_pylist()) == sort(wanted.to_pylist())
    assert wanted.num_rows > 0


@pytest.mark.parametrize("select", DIFFERENCES.values(), ids=DIFFERENCES)
def test_what_differs_is_carried_over(
    store: duckdb.DuckDBPyConnection, engine: Engine, select: str
) -> None:
    """The engine's answer is DuckDB's, row for row."""
    compare(store, engine, select)


@pytest.mark.parametrize(("rule", "written", "planted"), PLANTED)
def test_a_wrong_rule_is_found(
    store: duckdb.DuckDBPyConnection,
    engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
    rule: str,
    written: str,
    planted: str,
) -> None:
    """So each is needed: the engine refuses, or answers otherwise."""
    source = inspect.getsource(dialect)
    assert source.count(written) == 1
    wrong = ModuleType(dialect.__name__)
    vars(wrong)["__file__"] = dialect.__file__
    exec(source.replace(written, planted), vars(wrong))
    monkeypatch.setattr("queries.views.engine.write_select", wrong.write_select)
    with pytest.raises((StoreError, AssertionError, ArrowException)):
        compare(store, engine, DIFFERENCES[rule])


def test_every_rule_has_its_difference() -> None:
    rules = {each[1].__name__ for each in (*dialect._BEFORE_TYPES, *dialect._RULES)}
    rules -= {"_refuse_rows"}  # which rewrites nothing
    assert rules < DIFFERENCES.keys() == {rule for rule, _, _ in PLANTED}


def test_a_view_with_a_window_a_list_and_a_date_rule_is_carried(
    store: duckdb.DuckDBPyConnection, engine: Engine
) -> None:
    """What a newcomer writes by CONTRIBUTING, without a rule of its own."""
    select = """
    with starts as (
        select k, unnest([day, add_months(day, 12)]) as begun from facts
    )

    select
        k,
        begun,
        lead(begun) over (partition by k order by begun) as next_begun,
        date_diff('day', begun, as_at()) > threshold('unbroken_illness', as_at()) as is_long_ago
    from starts
    where begun is not null
    """
    compare(store, engine, select)


@pytest.mark.parametrize(
    ("select", "construct"),
    [
        (
            "select a.k from facts as a asof left join facts as b on a.k < b.k and a.day <= b.day",
            "asof",
        ),
        ("select null as x union all select null as x", "a null of no type: x"),
        ("select lead(day) over (order by k), unnest([k, k]) as x from facts", "beside a window"),
        ("select k from facts where (k, day) <= (1, date '2026-09-01')", "rows that are compared"),
        ("select list_transform([k], x -> x +) from facts", "Line 1"),
    ],
)
def test_a_view_that_no_rule_carries_is_named(select: str, construct: str) -> None:
    """With the construct that stopped it."""
    tables = {"facts": {"k": "int", "day": "date"}}
    with pytest.raises(StoreError, match=f"some_view is not carried to an engine.*{construct}"):
        dialect.write_select(define(select), DAYS, tables)
