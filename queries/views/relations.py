"""What a select names, from DuckDB's own parse of it."""

from collections.abc import Iterator
from typing import Any


def find_relations(tree: Any, known: set[str]) -> set[str]:
    """The relations and table functions that a parsed select names, in lower case.

    tree: what DuckDB's json_serialize_sql gives.  A step of the select's own is left out,
    unless it shares its name with one of the `known` tables and views: then it may mean
    either.
    """
    nodes = list(_walk_nodes(tree))
    named = {str(node["table_name"]).lower() for node in nodes if "table_name" in node}
    steps = {
        str(entry["key"]).lower()
        for node in nodes
        for entry in node.get("cte_map", {}).get("map", ())
    }
    called = {
        str(node["function"]["function_name"]).lower()
        for node in nodes
        if node.get("type") == "TABLE_FUNCTION"
    }
    return (named - (steps - known) - {""}) | called


def _walk_nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Every object within a parsed JSON text."""
    if isinstance(tree, dict):
        yield tree
        for value in tree.values():
            yield from _walk_nodes(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _walk_nodes(value)
