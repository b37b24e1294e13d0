"""The tables and functions of a select, by DuckDB's own parse of it."""

import json
from collections.abc import Collection, Iterator
from typing import Any

import duckdb

from queries.errors import StoreError


def parse_select(cursor: duckdb.DuckDBPyConnection, query: str) -> Any:
    """Return the result of DuckDB's json_serialize_sql for one select; StoreError if it is not one.

    DuckDB's message about a text that it cannot read is about the text, and is kept.
    """
    row = cursor.execute("select json_serialize_sql($query)", {"query": query}).fetchone()
    tree = json.loads(row[0] if row else "")
    if tree["error"] and tree["error_type"] == "parser":
        raise StoreError(f"This is not a select: {tree['error_message']}")
    if tree["error"] or len(tree["statements"]) != 1:
        raise StoreError("This is not one select. Ask one question at a time.")
    return tree


def find_tables(tree: Any, known: Collection[str] = ()) -> frozenset[str]:
    """Return the tables and views that a parsed select names, in lower case.

    A step of the select's own is left out where the name can mean it, unless it shares its name
    with one of the `known` tables and views: then it may mean either.
    """
    names = set()

    def walk(node: Any, steps: frozenset[str]) -> None:
        if isinstance(node, list):
            for child in node:
                walk(child, steps)
        if not isinstance(node, dict):
            return
        if node.get("type") == "RECURSIVE_CTE_NODE":
            steps |= {str(node["cte_name"]).lower()}
        for entry in node.get("cte_map", {}).get("map", ()):
            walk(entry["value"], steps)  # a step may read the steps before it
            steps |= {str(entry["key"]).lower()}
        name = str(node.get("table_name", "")).lower()
        if node.get("schema_name") or name not in steps - set(known):
            names.add(name)
        for key, value in node.items():
            if key != "cte_map":
                walk(value, steps)

    walk(tree, frozenset())
    return frozenset(names - {""})


def find_table_functions(tree: Any) -> frozenset[str]:
    """Return the functions that a parsed select reads like a table, in lower case."""
    return frozenset(
        str(node["function"]["function_name"]).lower()
        for node in _walk_nodes(tree)
        if node.get("type") == "TABLE_FUNCTION"
    )


def find_functions(tree: Any) -> frozenset[str]:
    """Return every function and macro that a parsed select calls, in lower case."""
    names = (node.get("function_name") for node in _walk_nodes(tree))
    return frozenset(str(name).lower() for name in names if name is not None)


def _walk_nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Yield every object within a parsed JSON text."""
    if isinstance(tree, dict):
        yield tree
        for value in tree.values():
            yield from _walk_nodes(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _walk_nodes(value)
