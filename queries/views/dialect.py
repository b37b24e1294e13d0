"""The views as SQL of engines that speak Spark Connect, by rules and never by hand.

sqlglot reads DuckDB's SQL and writes Spark's.  What it cannot know, or writes so that an engine
answers another thing, is a rule below: a function with its reason and an example, tried by
tests/queries/test_dialect.py.  A view that no rule carries is refused by its name, with the
construct that stopped it; write that otherwise in the view, or add a rule.

The tables that a view reads must be there, since some rules hang on the types of their columns.
Two things no rule can see.  An enum is a text elsewhere, so what a view puts in order by an enum
must stand in the alphabet's order in it; and of rows that are compared, (a, b) < (c, d), no part
may be null, since DuckDB puts it last and others first.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache

from sqlglot import ErrorLevel, exp, parse_one
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify
from sqlglot.schema import MappingSchema

from queries.contract import sql
from queries.errors import StoreError
from queries.views.views import FOLDER, View, read_table_sql

#: By table, its columns and their types in Spark's words.
Tables = Mapping[str, Mapping[str, str]]

_Rules = list[tuple[tuple[type[exp.Expr], ...], Callable[[exp.Expr], exp.Expr]]]
#: The last and first days that every engine has, for DuckDB's infinity: a day after it is an
#: error on some, so nothing may be counted from it.
_ENDS = {"infinity": "9999-12-31", "-infinity": "0001-01-01"}
_MACRO = re.compile(r"create macro (\w+)\(([^)]*)\) as (?:table )?\((.*)\);", re.DOTALL)


class UntranslatableError(StoreError):
    """A view has a construct that no rule carries to an engine; the message says which."""


def write_select(view: View, days: tuple[date, date], tables: Tables) -> str:
    """The select of a view in Spark's SQL, for a day and the register's last day up to it.

    UntranslatableError if no rule carries it.
    """
    try:
        tree = parse_one(view.select, dialect="duckdb")
        tree = _put_macros(tree, days)
        for kinds, rule in _BEFORE_TYPES:
            tree = _apply(tree, kinds, rule)
        tree = _qualify_columns(_name_union_columns(tree, tables), tables)
        for kinds, rule in _RULES:
            tree = _apply(tree, kinds, rule)
        return tree.sql(dialect="spark", unsupported_level=ErrorLevel.RAISE)
    except (SqlglotError, UntranslatableError) as error:
        text = " ".join(str(error).split())
        raise UntranslatableError(f"{view.name} is not carried to an engine: {text}") from error


def _apply(
    tree: exp.Expr, kinds: tuple[type[exp.Expr], ...], rule: Callable[[exp.Expr], exp.Expr]
) -> exp.Expr:
    """The tree with a rule applied to every node of the kinds, those within others first."""
    for node in reversed(list(tree.find_all(*kinds))):
        written = rule(node)
        if written is not node:
            if node is tree:
                tree = written
            else:
                node.replace(written)
    return tree


def _fill(text: str, **given: exp.Expr) -> exp.Expr:
    """Spark's SQL with each name that is given put in its place."""

    def put(node: exp.Expr) -> exp.Expr:
        is_given = isinstance(node, exp.Column) and not node.table and node.name in given
        return exp.paren(given[node.name].copy()) if is_given else node

    return parse_one(text, dialect="spark").transform(put)


# -- macros ----------------------------------------------------------------------------------


@cache
def _read_macros() -> dict[str, tuple[list[str], exp.Expr]]:
    """By name, the parameters and the body of every macro of queries/functions."""
    macros = {}
    for path in (FOLDER / "functions").glob("*.sql"):
        found = _MACRO.search(path.read_text(encoding="utf-8"))
        if found is None:
            raise UntranslatableError(f"{path.name} is no macro")
        name, parameters, body = found.groups()
        macros[name] = (re.findall(r"\w+", parameters), parse_one(body, dialect="duckdb"))
    return macros


def _put_macros(tree: exp.Expr, days: tuple[date, date]) -> exp.Expr:
    """Macros are DuckDB's: each is put in its place, and as_at() becomes the day.

    week_start(d) -> (cast(date_trunc('week', d) as date)); as_at() -> cast('2026-11-20' as date)
    """
    for _ in range(1000):
        called = next((node for node in tree.walk() if _read_call(node)[0] in _read_macros()), None)
        if called is None:
            return tree
        name, given = _read_call(called)
        if name in ("as_at", "register_day"):
            day = days[name == "register_day"]
            written: exp.Expr = exp.cast(exp.Literal.string(f"{day}"), "date")
        else:
            written = _write_macro(name, given)
        if called is tree:
            return written
        called = called.parent if isinstance(called.parent, exp.Table) else called
        if isinstance(called, exp.Table):
            alias = called.args.get("alias") or exp.TableAlias(this=exp.to_identifier(name))
            written = exp.Subquery(this=written, alias=alias)
        called.replace(written)
    raise UntranslatableError("macros that call each other without an end")


def _read_call(node: exp.Expr) -> tuple[str, Sequence[exp.Expr]]:
    """The name and the arguments of a call; sqlglot has functions of its own of some names."""
    if isinstance(node, exp.Anonymous):
        return node.name.lower(), node.expressions
    if isinstance(node, exp.Func):
        return node.sql_name().lower(), [each for each in node.args.values() if each]
    return "", ()


def _write_macro(name: str, given: Sequence[exp.Expr]) -> exp.Expr:
    parameters, body = _read_macros()[name]
    values = dict(zip(parameters, given, strict=True))

    def put(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Column) and node.name in values and not node.table:
            return exp.paren(values[node.name].copy())
        if isinstance(node, exp.Column) and node.table in values:  # a relation's alias
            return exp.column(node.name, table=values[node.table].name)
        if isinstance(node, exp.Table) and _read_call(node.this)[0] == "query_table":
            return exp.to_table(values[_read_call(node.this)[1][0].name].name)
        return node

    written = body.copy().transform(put)
    is_whole = isinstance(written, exp.Select | exp.Struct)
    return written if is_whole else exp.paren(written)


# -- before the types are known --------------------------------------------------------------


def _write_infinity(node: exp.Expr) -> exp.Expr:
    """No engine but DuckDB has days without end: 'infinity'::date -> '9999-12-31'::date."""
    is_end = isinstance(node, exp.Literal) and node.is_string and node.name in _ENDS
    return exp.Literal.string(_ENDS[node.name]) if is_end else node


@cache
def _list_words() -> dict[str, list[str]]:
    """By enum, its words in their order."""
    made = sql.build_types() + read_table_sql("reference")
    types = re.findall(r'create type "?(\w+)"? as enum ?\((.*?)\);', made, re.DOTALL)
    return {name: re.findall(r"'((?:[^']|'')*)'", words) for name, words in types}


def _write_enum(node: exp.Expr) -> exp.Expr:
    """An enum is a text elsewhere: kind::mark_half -> kind::varchar.

    enum_range(null::mark_half) -> array('AM', 'PM')
    """
    if isinstance(node, exp.DataType):
        is_enum = node.sql("duckdb").strip('"').lower() in _list_words()
        return exp.DataType.build("varchar") if is_enum else node
    name, given = _read_call(node)
    if name != "enum_range":
        return node
    (kind,) = given[0].find_all(exp.DataType)
    words = _list_words()[kind.sql("duckdb").strip('"').lower()]
    return exp.Array(expressions=[exp.Literal.string(word) for word in words])


_BEFORE_TYPES: _Rules = [
    ((exp.Literal,), _write_infinity),
    ((exp.Anonymous,), _write_enum),
    ((exp.DataType,), _write_enum),
]


def _name_union_columns(tree: exp.Expr, tables: Tables) -> exp.Expr:
    """`union all by name` is DuckDB's: every arm gets all columns in one order.

    select a from t union all by name select b from u
    -> select a, null as b from t union all select null as a, b from u
    """
    for union in reversed(list(tree.find_all(exp.Union))):
        if not union.args.get("by_name") or _is_arm(union):
            continue
        arms = list(_list_arms(union))
        found = [_list_columns(arm, tables) for arm in arms]
        names = list(dict.fromkeys(name for columns in found for name in columns))
        shared = union.args.get("with_") or arms[0].args.get("with_")
        written: exp.Query | None = None
        for arm, own in zip(arms, found, strict=True):
            arm.set("with_", None)
            columns = [
                exp.column(name) if name in own else exp.alias_(exp.Null(), name) for name in names
            ]
            full = exp.select(*columns).from_(arm.copy().subquery("arm"))
            written = full if written is None else exp.union(written, full, distinct=False)
        assert written is not None  # noqa: S101 - a union has two arms
        written.set("with_", shared.copy() if shared else None)
        if union is tree:
            tree = written
        else:
            union.replace(written)
    return tree


def _is_arm(union: exp.Expr) -> bool:
    return isinstance(union.parent, exp.Union) and bool(union.parent.args.get("by_name"))


def _list_arms(node: exp.Expr) -> Iterator[exp.Query]:
    if isinstance(node, exp.Union) and node.args.get("by_name"):
        yield from _list_arms(node.this)
        yield from _list_arms(node.expression)
    elif isinstance(node, exp.Query):
        yield node


def _list_columns(query: exp.Expr, tables: Tables) -> list[str]:
    """The names of what a query answers, a star read from the table or step that it is of."""
    if isinstance(query, exp.Subquery | exp.Union):
        return _list_columns(query.this, tables)
    names: list[str] = []
    for item in query.expressions:
        body = item.unalias()
        if body.is_star:
            source = query.args["from_"].this
            steps = {each.alias: each.this for each in query.root().find_all(exp.CTE)}
            name = source.name
            names += _list_columns(steps[name], tables) if name in steps else tables[name]
        elif isinstance(body, exp.Unnest | exp.Explode) and (fields := body.find(exp.Struct)):
            names += [each.name for each in fields.expressions]
        else:
            names.append(item.alias_or_name)
    return names


def _qualify_columns(tree: exp.Expr, tables: Tables) -> exp.Expr:
    """Every column with its table and type, and in the place of a neighbour's alias what it is.

    select a + 1 as b, b * 2 as c from t -> select t.a + 1 as b, (t.a + 1) * 2 as c from t
    """
    schema = MappingSchema({name: dict(kinds) for name, kinds in tables.items()}, dialect="spark")
    qualified = qualify(
        tree,
        schema=schema,
        dialect="duckdb",
        identify=False,
        quote_identifiers=False,
        validate_qualify_columns=False,
    )
    return annotate_types(qualified, schema=schema, dialect="duckdb")


# -- once the types are known ----------------------------------------------------------------


def _write_asof(join: exp.Expr) -> exp.Expr:
    """Engines have no asof join: a row is the nearest one if its neighbour does not fit as well.

    asof left join b on a.k = b.k and a.day <= b.day
    -> left join (select *, lag(day) over (partition by k order by day) as neighbour from b) as b
    on a.k = b.k and a.day <= b.day and (neighbour is null or not a.day <= neighbour)
    """
    if join.args.get("method") != "ASOF":
        return join
    right, condition = join.alias_or_name, join.args["on"]
    conditions = list(condition.flatten())
    bounds = [each for each in conditions if isinstance(each, exp.LTE | exp.GTE | exp.LT | exp.GT)]
    equals = [each for each in conditions if isinstance(each, exp.EQ)]
    if len(bounds) != 1 or len(conditions) != len(equals) + 1:
        raise UntranslatableError("an asof join on other things than equals and one bound")
    keys = [
        exp.column(side.name)
        for each in equals
        for side in (each.this, each.expression)
        if isinstance(side, exp.Column) and side.table == right
    ]
    (bound,) = bounds
    is_after = bound.expression.table == right
    day = bound.expression if is_after else bound.this
    is_next = isinstance(bound, exp.LTE | exp.LT) == is_after
    order = exp.Order(expressions=[exp.Ordered(this=exp.column(day.name))])
    beside = exp.func("lag" if is_next else "lead", exp.column(day.name))
    neighbour = exp.column("neighbour", table=right)
    window = exp.Window(this=beside, partition_by=keys, order=order)
    rows = exp.select(exp.Star(), exp.alias_(window, neighbour.name)).from_(join.this.name)
    sides = (bound.this, neighbour) if is_after else (neighbour, bound.expression)
    fits = bound.__class__(this=sides[0].copy(), expression=sides[1].copy())
    is_alone = exp.Is(this=neighbour.copy(), expression=exp.Null())
    join.set("method", None)
    join.set("this", rows.subquery(right))
    join.set("on", exp.and_(condition, exp.or_(is_alone, exp.not_(fits))))
    return join


def _write_arg_max(node: exp.Expr) -> exp.Expr:
    """DuckDB's arg_max passes over rows without a value, and arg_max_null does not.

    arg_max(a, b) -> max_by(a, b) filter (where a is not null); arg_max_null(a, b) -> max_by(a, b)
    """
    name, given = _read_call(node)
    if name not in _ARG_MAX:
        return node
    kind, passes_over = _ARG_MAX[name]
    written = kind(this=given[0].copy(), expression=given[1].copy())
    if not passes_over:
        return written
    is_there = exp.Not(this=exp.Is(this=exp.paren(given[0]), expression=exp.Null()))
    if isinstance(node.parent, exp.Filter):
        condition = node.parent.expression
        condition.set("this", exp.and_(condition.this, is_there))
        return written
    return exp.Filter(this=written, expression=exp.Where(this=is_there))


_ARG_MAX = {
    "arg_max": (exp.ArgMax, True),
    "max_by": (exp.ArgMax, True),
    "arg_min": (exp.ArgMin, True),
    "min_by": (exp.ArgMin, True),
    "arg_max_null": (exp.ArgMax, False),
    "arg_min_null": (exp.ArgMin, False),
}


def _write_any_value(node: exp.Expr) -> exp.Expr:
    """Of rows that have one value or none: any_value(a) -> max(a), which passes over nulls."""
    if isinstance(node, exp.IgnoreNulls):
        return node.this.copy() if isinstance(node.this, exp.Max) else node
    return exp.Max(this=node.this.copy())


def _write_day_difference(node: exp.Expr) -> exp.Expr:
    """A day less a day is an interval on JVM Spark: a - b -> datediff(day, b, a)."""
    days = [each.unnest().is_type("date") for each in (node.this, node.expression)]
    if days != [True, True]:
        return node
    return exp.paren(
        exp.DateDiff(this=node.this.copy(), expression=node.expression.copy(), unit=exp.var("DAY"))
    )


def _write_months(node: exp.Expr) -> exp.Expr:
    """Spans: day + to_months(n) -> add_months(day, n); day - to_weeks(n) -> date_add(day, -7n)."""
    span = node.expression.unnest()
    name, given = _read_call(span.this if isinstance(span, exp.Cast) else span)
    if name not in _SPANS:
        return node
    text = _SPANS[name].format(sign="-" if isinstance(node, exp.Sub) else "")
    return _fill(text, day=node.this, amount=given[0])


_SPANS = {
    "to_months": "add_months(day, cast({sign}amount as int))",
    "to_weeks": "date_add(day, cast({sign}7 * amount as int))",
}


def _write_weekday(node: exp.Expr) -> exp.Expr:
    """By itself sqlglot writes isodow a day off, and Sail's weekday() of a Sunday is -1.

    isodow(day) -> (dayofweek(day) + 5) % 7 + 1
    """
    return exp.paren(_fill("(dayofweek(day) + 5) % 7 + 1", day=node.this))


def _write_row(node: exp.Expr) -> exp.Expr:
    """row(a, b) -> struct(a, b)."""
    name, given = _read_call(node)
    return exp.func("struct", *(each.copy() for each in given)) if name == "row" else node


def _write_in(node: exp.Expr) -> exp.Expr:
    """Sail takes `in (select ...)` as a condition only, not as a column.

    select a in (select b from t) -> select array_contains((select collect_set(b) from t), a)
    """
    query = node.args.get("query")
    if query is None or node.find_ancestor(exp.Where, exp.Join):
        return node
    (item,) = query.this.expressions
    listed = query.copy()
    listed.this.set("expressions", [_fill("collect_set(item)", item=item.unalias())])
    return _fill("array_contains(listed, item)", listed=listed, item=node.this)


def _write_filter(node: exp.Expr) -> exp.Expr:
    """A window takes no filter: count(*) filter (where a) over w -> count(case when a then 1 end).

    sum(b) filter (where a) over w -> sum(case when a then b end) over w
    """
    if not isinstance(node.this, exp.Filter):
        return node
    counted, condition = node.this.this, node.this.expression.this
    value = exp.Literal.number(1) if counted.this.is_star else counted.this.copy()
    counted.set("this", exp.Case(ifs=[exp.If(this=condition.copy(), true=value)]))
    node.set("this", counted)
    return node


def _write_subquery(node: exp.Expr) -> exp.Expr:
    """A subquery that is a value must aggregate: (select a from t) -> (select max(a) from t)."""
    query = node.this
    is_value = isinstance(node.parent, exp.Condition) and not isinstance(
        node.parent, exp.In | exp.Exists
    )
    if is_value and isinstance(query, exp.Select):
        (item,) = query.expressions
        if not item.find(exp.AggFunc):
            query.set("expressions", [exp.Max(this=item.unalias().copy())])
    return node


def _write_materialized(node: exp.Expr) -> exp.Expr:
    """`with a as materialized (...)` -> `with a as (...)`: a hint that changes no answer."""
    node.set("materialized", None)
    return node


def _write_nulls(union: exp.Expr) -> exp.Expr:
    """Sail takes the type of a union's column from its first arm: a null gets that of the others.

    select null as a union all select b as a from t -> select cast(null as date) as a union all ...
    """
    if isinstance(union.parent, exp.Union):
        return union
    arms = [each for each in _list_selects(union) if not each.is_star]
    for items in zip(*(arm.expressions for arm in arms), strict=True):
        bodies = [item.unalias() for item in items]
        empty = [body for body in bodies if body.is_type("null")]
        kinds = [body.type for body in bodies if not body.is_type("null", "unknown")]
        if empty and not kinds:
            raise UntranslatableError(f"a null of no type: {items[0].alias_or_name}")
        for body in empty:
            body.replace(exp.cast(body.copy(), kinds[0].copy()))
    return union


def _list_selects(node: exp.Expr) -> Iterator[exp.Select]:
    if isinstance(node, exp.Union):
        yield from _list_selects(node.this)
        yield from _list_selects(node.expression)
    elif isinstance(node, exp.Select):
        yield node


def _write_unnest(select: exp.Expr) -> exp.Expr:
    """A list becomes rows by explode or inline, and a struct becomes its columns.

    unnest([a, b]) as c -> explode(array(a, b)) as c; unnest({'x': a}) -> a as x; unnest(s) -> s.*
    unnest([{'x': a}, {'x': b}], recursive := true) -> inline(array(struct(a as x), struct(b as x)))
    """
    items: list[exp.Expr] = []
    for item in select.expressions:
        body, kind = item.unalias(), None
        if isinstance(body, exp.Cast):
            body, kind = body.this, body.to
        if not isinstance(body, exp.Unnest | exp.Explode):
            items.append(item)
            continue
        value = (body.expressions[0] if isinstance(body, exp.Unnest) else body.this).unnest()
        if isinstance(value, exp.Struct):
            items += [exp.alias_(each.expression.copy(), each.name) for each in value.expressions]
        elif isinstance(value, exp.Column):
            items.append(
                exp.Column(this=exp.Star(), table=value.this.copy(), db=value.args["table"])
            )
        elif value.find(exp.Struct):
            items.append(_fill("inline(value)", value=value))
        else:
            listed = (
                exp.cast(value, f"array<{kind.sql('spark')}>", dialect="spark") if kind else value
            )
            items.append(exp.alias_(_fill("explode(listed)", listed=listed), item.alias_or_name))
    select.set("expressions", items)
    return select


_RULES: _Rules = [
    ((exp.Join,), _write_asof),
    ((exp.ArgMax, exp.ArgMin, exp.Anonymous), _write_arg_max),
    ((exp.AnyValue, exp.IgnoreNulls), _write_any_value),
    ((exp.Sub,), _write_day_difference),
    ((exp.Add, exp.Sub), _write_months),
    ((exp.DayOfWeekIso,), _write_weekday),
    ((exp.Anonymous,), _write_row),
    ((exp.In,), _write_in),
    ((exp.Window,), _write_filter),
    ((exp.Subquery,), _write_subquery),
    ((exp.CTE,), _write_materialized),
    ((exp.Union,), _write_nulls),
    ((exp.Select,), _write_unnest),
]
