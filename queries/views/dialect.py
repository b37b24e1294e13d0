"""The views in the SQL of engines that speak Spark Connect, by rules and never by hand.

sqlglot reads DuckDB's SQL and writes Spark's.  A rule below covers what it cannot translate, or
translates so that an engine answers differently: a function with its reason and an example, tested
by tests/queries/test_dialect.py.  A view that no rule can translate is refused by its name, with
the construct that stopped it; write that otherwise in the view, or add a rule.

The tables that a view reads must be there, since some rules depend on the types of their columns.
No rule can see one thing: an enum is a text elsewhere, so the words of an enum that a view orders
by must be in alphabetical order.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache

from sqlglot import ErrorLevel, exp, parse_one
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify
from sqlglot.schema import MappingSchema

from queries.errors import StoreError
from queries.views.views import FOLDER, View

#: The columns of each table and their types in Spark's words.
Tables = Mapping[str, Mapping[str, str]]

_Rules = list[tuple[tuple[type[exp.Expr], ...], Callable[[exp.Expr], exp.Expr]]]
#: The last and first days that every engine has, in place of DuckDB's infinity.  A day beyond is
#: an error on some engines, so nothing may be counted from it.
_ENDS = {"infinity": "9999-12-31", "-infinity": "0001-01-01"}
_MACRO = re.compile(r"create macro (\w+)\(([^)]*)\) as (?:table )?\((.*)\);", re.DOTALL)


class UntranslatableError(StoreError):
    """A view has a construct that no rule can translate; the message names it."""


def write_select(view: View, days: tuple[date, date], tables: Tables) -> str:
    """Return the select of a view in Spark's SQL, for a day and the register's last day up to it.

    UntranslatableError means that no rule can translate it.
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
    """Return the tree with a rule applied to every node of these kinds, inner ones first."""
    for node in reversed(list(tree.find_all(*kinds))):
        written = rule(node)
        if written is not node:
            if node is tree:
                tree = written
            else:
                node.replace(written)
    return tree


def _fill(text: str, **values: exp.Expr) -> exp.Expr:
    """Parse Spark's SQL and put the given expressions in place of their names."""

    def put(node: exp.Expr) -> exp.Expr:
        is_given = isinstance(node, exp.Column) and not node.table and node.name in values
        return exp.paren(values[node.name].copy()) if is_given else node

    return parse_one(text, dialect="spark").transform(put)


# -- macros ----------------------------------------------------------------------------------


@cache
def _read_macros() -> dict[str, tuple[list[str], exp.Expr]]:
    """Return the parameters and the body of every macro of queries/functions, by name."""
    macros = {}
    for path in (FOLDER / "functions").glob("*.sql"):
        if path.stem == "add_months":  # engines have their own
            continue
        parts = _MACRO.search(path.read_text(encoding="utf-8"))
        if parts is None:
            raise UntranslatableError(f"{path.name} is no macro")
        name, parameters, body = parts.groups()
        macros[name] = (re.findall(r"\w+", parameters), parse_one(body, dialect="duckdb"))
    return macros


def _put_macros(tree: exp.Expr, days: tuple[date, date]) -> exp.Expr:
    """Replace DuckDB's macros by their bodies, and as_at() by the day.

    week_start(d) -> (cast(date_trunc('week', d) as date)); as_at() -> cast('2026-11-20' as date)
    """
    for _ in range(1000):
        called = next((node for node in tree.walk() if _read_call(node)[0] in _read_macros()), None)
        if called is None:
            return tree
        name, arguments = _read_call(called)
        if name in ("as_at", "register_day"):
            day = days[1] if name == "register_day" else days[0]
            written: exp.Expr = exp.cast(exp.Literal.string(f"{day}"), "date")
        else:
            written = _write_macro(name, arguments)
        if called is tree:
            return written
        called = called.parent if isinstance(called.parent, exp.Table) else called
        if isinstance(called, exp.Table):
            alias = called.args.get("alias") or exp.TableAlias(this=exp.to_identifier(name))
            written = exp.Subquery(this=written, alias=alias)
        called.replace(written)
    raise UntranslatableError("macros that call each other without an end")


def _read_call(node: exp.Expr) -> tuple[str, Sequence[exp.Expr]]:
    """Return the name and arguments of a call; sqlglot has functions of its own by some names."""
    if isinstance(node, exp.Anonymous):
        return node.name.lower(), node.expressions
    if isinstance(node, exp.Func):
        return node.sql_name().lower(), [value for value in node.args.values() if value]
    return "", ()


def _write_macro(name: str, arguments: Sequence[exp.Expr]) -> exp.Expr:
    parameters, body = _read_macros()[name]
    values = dict(zip(parameters, arguments, strict=True))

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
    """Replace the endless days that only DuckDB has: 'infinity'::date -> '9999-12-31'::date."""
    is_end = isinstance(node, exp.Literal) and node.is_string and node.name in _ENDS
    return exp.Literal.string(_ENDS[node.name]) if is_end else node


def _write_enum(node: exp.Expr) -> exp.Expr:
    """Turn an enum into a text, as it is elsewhere: kind::mark_half -> kind::varchar."""
    is_enum = node.this == exp.DataType.Type.USERDEFINED
    return exp.DataType.build("varchar") if is_enum else node


def _write_unnest(select: exp.Expr) -> exp.Expr:
    """Turn a struct into its columns, unnest({'x': a}) -> a as x; sqlglot itself does lists.

    DuckDB makes a window first and then rows of a list, and others the other way round.
    """
    items: list[exp.Expr] = []
    for item in select.expressions:
        struct = item.this.unnest() if isinstance(item, exp.Explode) else None
        if isinstance(struct, exp.Struct):
            items += [exp.alias_(part.expression, part.name) for part in struct.expressions]
        else:
            items.append(item)
    if all(any(item.find(kind) for item in items) for kind in (exp.Explode, exp.Window)):
        raise UntranslatableError("rows of a list beside a window: give each a step of its own")
    select.set("expressions", items)
    return select


_BEFORE_TYPES: _Rules = [
    ((exp.Literal,), _write_infinity),
    ((exp.DataType,), _write_enum),
    ((exp.Select,), _write_unnest),
]


def _name_union_columns(tree: exp.Expr, tables: Tables) -> exp.Expr:
    """Replace DuckDB's `union all by name`: every arm gets all columns in one order.

    select a from t union all by name select b from u -> select a, null as b from t union all select
    null as a, b from u
    """
    for union in tree.find_all(exp.Union):
        if union.args["by_name"]:
            union.set("by_name", None)
            arms = _list_arms(union)
            arm_columns = [_find_columns(arm, tables) for arm in arms]
            names = dict.fromkeys(name for columns in arm_columns for name in columns)
            for arm, columns in zip(arms, arm_columns, strict=True):
                nulls = {name: exp.alias_(exp.Null(), name) for name in names}
                arm.set("expressions", [columns.get(name, nulls[name]) for name in names])
    return tree


def _list_arms(node: exp.Expr) -> list[exp.Expr]:
    if isinstance(node, exp.Union):
        return [*_list_arms(node.this), *_list_arms(node.expression)]
    return [node]


def _find_columns(arm: exp.Expr, tables: Tables) -> dict[str, exp.Expr]:
    """Return the columns of a select by name; a star must be of a table."""
    if arm.is_star:
        return {name: exp.column(name) for name in tables[arm.args["from_"].this.name]}
    return {item.alias_or_name: item for item in arm.expressions}


def _qualify_columns(tree: exp.Expr, tables: Tables) -> exp.Expr:
    """Give every column its table and type, and replace the alias of a neighbour by its expression.

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
    """Replace an asof join: a row is the nearest one if its neighbour does not fit as well.

    asof left join b on a.k = b.k and a.day <= b.day -> left join (select *, lag(day) over
    (partition by k order by day) as neighbour from b) as b on a.k = b.k and a.day <= b.day and
    (neighbour is null or not a.day <= neighbour)
    """
    if join.args.get("method") != "ASOF":
        return join
    right, condition = join.alias_or_name, join.args["on"]
    bounds = [part for part in condition.flatten() if not isinstance(part, exp.EQ)]
    if len(bounds) != 1 or not isinstance(bounds[0], exp.LTE | exp.GTE | exp.LT | exp.GT):
        raise UntranslatableError("an asof join on other things than equals and one bound")
    (bound,) = bounds
    (day,) = (column for column in bound.find_all(exp.Column) if column.table == right)
    keys = {column.name for column in condition.find_all(exp.Column) if column.table == right}
    beside = "lag" if isinstance(bound, exp.LTE | exp.LT) == (day is bound.expression) else "lead"
    window = exp.Window(
        this=exp.func(beside, exp.column(day.name)),
        partition_by=[exp.column(name) for name in sorted(keys - {day.name})],
        order=exp.Order(expressions=[exp.Ordered(this=exp.column(day.name))]),
    )
    rows = exp.select("*", exp.alias_(window, "neighbour")).from_(join.this.name)
    neighbour = exp.column("neighbour", table=right)
    fits = bound.copy().transform(lambda node: neighbour.copy() if node == day else node)
    join.set("method", None)
    join.set("this", rows.subquery(right))
    join.set("on", exp.and_(condition, exp.or_(neighbour.is_(exp.null()), exp.not_(fits))))
    return join


def _write_arg_max(node: exp.Expr) -> exp.Expr:
    """Translate arg_max, which skips rows without a value in DuckDB, and arg_max_null.

    arg_max(a, b) -> max_by(a, b) filter (where a is not null); arg_max_null(a, b) -> max_by(a, b)
    """
    name, arguments = _read_call(node)
    kind = {"arg_max": exp.ArgMax, "arg_min": exp.ArgMin}.get(name.removesuffix("_null"))
    if kind is None:
        return node
    written = kind(this=arguments[0].copy(), expression=arguments[1].copy())
    if name.endswith("_null"):
        return written
    is_there = exp.Not(this=exp.paren(arguments[0]).is_(exp.null()))
    if isinstance(node.parent, exp.Filter):
        where = node.parent.expression
        where.set("this", exp.and_(where.this, is_there))
        return written
    return exp.Filter(this=written, expression=exp.Where(this=is_there))


def _write_weekday(node: exp.Expr) -> exp.Expr:
    """Replace isodow, which sqlglot writes a day off; Sail's weekday() of a Sunday is -1.

    isodow(day) -> (dayofweek(day) + 5) % 7 + 1
    """
    return exp.paren(_fill("(dayofweek(day) + 5) % 7 + 1", day=node.this))


def _write_nulls(union: exp.Expr) -> exp.Expr:
    """Give a null in a union the type of the other arms: Sail takes the type from the first.

    select null as a union all select b as a from t -> select cast(null as date) as a union all ...
    """
    if isinstance(union.parent, exp.Union):
        return union
    for items in zip(*(arm.expressions for arm in _list_arms(union)), strict=True):
        bodies = [item.unalias() for item in items]
        kinds = [body.type for body in bodies if not body.is_type("null", "unknown")]
        for body in bodies:
            if body.is_type("null"):
                if not kinds:
                    raise UntranslatableError(f"a null of no type: {items[0].alias_or_name}")
                body.replace(exp.cast(body.copy(), kinds[0].copy()))
    return union


def _refuse_rows(node: exp.Expr) -> exp.Expr:
    """Refuse (a, b) <= c: Sail loses rows that are equal in part, others sort nulls elsewhere."""
    if any(isinstance(side, exp.Tuple) for side in (node.this, node.expression)):
        raise UntranslatableError("rows that are compared: compare them part by part")
    return node


_RULES: _Rules = [
    ((exp.LT, exp.LTE, exp.GT, exp.GTE), _refuse_rows),
    ((exp.Join,), _write_asof),
    ((exp.ArgMax, exp.ArgMin, exp.Anonymous), _write_arg_max),
    ((exp.DayOfWeekIso,), _write_weekday),
    ((exp.Union,), _write_nulls),
]
