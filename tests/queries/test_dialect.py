"""What differs between DuckDB and other engines, a row each, and the rule that carries it over."""

from collections.abc import Iterator
from datetime import date

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
    "_write_infinity": "select k, coalesce(day, 'infinity'::date) > as_at() as later from facts",
    "_write_enum": "select distinct unnest(enum_range(null::mark_half)) as half from facts",
    "_write_asof": "select a.k, a.day, b.label from facts as a asof left join facts as b"
    " on a.k = b.k and a.half = b.half and a.day <= b.day",
    "_write_arg_max": "select k, arg_max(label, (day, half)) as last, arg_max_null(label, day)"
    " filter (where half = 'PM') as then from facts where day is not null group by k",
    "_write_any_value": "select k, any_value(half::varchar) as half from facts where k = 2"
    " group by k",
    "_write_day_difference": "select k, (as_at() - day) // 7 as weeks from facts",
    "_write_months": "select (day + to_months(1))::date as a, (day - to_weeks(k))::date as b"
    " from facts",
    "_write_weekday": "select day, isodow(day) as weekday from facts",
    "_write_row": "select k, max(row(day, half)) over (partition by k) > row(day, half) as b"
    " from facts where day is not null",
    "_write_in": "select k, label in (select label from facts where k = 2) as b from facts"
    " where label is not null",
    "_write_filter": "select k, count(*) filter (where is_in) over (partition by k order by day"
    " rows between unbounded preceding and current row) as n from facts where day < '2026-02-01'",
    "_write_subquery": "select k, (select rules.value from ref_threshold as rules"
    " where rules.name = 'sdq_chance_' || facts.label) is null as b from facts",
    "_write_materialized": "with a as materialized (select k from facts) select a.k from a",
    "_write_nulls": "select k, null as day from facts union all select k, day from facts",
    "_write_unnest": "select k, unnest([{'x': label, 'y': k}, {'x': 'z', 'y': 0}],"
    " recursive := true) from facts",
}


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


#: Sail does without these.
FOR_JVM_SPARK = {"_write_any_value", "_write_day_difference"}


@pytest.mark.parametrize("rule", [rule for rule in DIFFERENCES if rule not in FOR_JVM_SPARK])
def test_without_its_rule_it_is_not(
    store: duckdb.DuckDBPyConnection, engine: Engine, rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So each is needed, and a wrong one is found: the engine refuses, or answers otherwise."""
    for name in ("_BEFORE_TYPES", "_RULES"):
        kept = [each for each in getattr(dialect, name) if each[1].__name__ != rule]
        monkeypatch.setattr(dialect, name, kept)
    with pytest.raises((StoreError, AssertionError, ArrowException)):
        compare(store, engine, DIFFERENCES[rule])


def test_every_rule_has_its_difference() -> None:
    rules = {each[1].__name__ for each in (*dialect._BEFORE_TYPES, *dialect._RULES)}
    assert rules == DIFFERENCES.keys()


def test_a_view_with_a_window_a_list_and_a_date_rule_is_carried(
    store: duckdb.DuckDBPyConnection, engine: Engine
) -> None:
    """What a newcomer writes by CONTRIBUTING, without a rule of its own."""
    select = """
    with starts as (
        select k, unnest([day, (day + to_months(12))::date]) as begun from facts
    )

    select
        k,
        begun,
        lead(begun) over (partition by k order by begun) as next_begun,
        as_at() - begun > threshold('unbroken_illness', as_at()) as is_long_ago
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
        ("select list_transform([k], x -> x +) from facts", "Line 1"),
    ],
)
def test_a_view_that_no_rule_carries_is_named(select: str, construct: str) -> None:
    """With the construct that stopped it."""
    tables = {"facts": {"k": "int", "day": "date"}}
    with pytest.raises(StoreError, match=f"some_view is not carried to an engine.*{construct}"):
        dialect.write_select(define(select), DAYS, tables)
