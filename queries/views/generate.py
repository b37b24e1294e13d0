"""Writes `known.csv`: of every view what it reads, and whether it asks for the day.

Run `python -m queries.views.generate` after a view has come, gone or changed what it reads.
"""

from contextlib import closing
from graphlib import TopologicalSorter

import duckdb

from queries.rows import write_rows
from queries.views.parse import find_functions, find_tables, parse_select
from queries.views.views import FOLDER, KNOWN, LAYERS, read_definition

#: The functions that know a day that is asked for.
DAYS = {"as_at", "register_day"}


def render_known() -> str:
    """What the SQL of every view says, a line each, in an order of need."""
    lines = {}
    reads = {}
    with closing(duckdb.connect(config={"threads": 1})) as parser:
        for path in (path for layer in LAYERS for path in sorted((FOLDER / layer).glob("*.sql"))):
            name, layer = path.stem, path.parent.name
            tree = parse_select(parser, read_definition(layer, name)[1])
            reads[name] = find_tables(tree)
            has_day = "true" if DAYS & find_functions(tree) else "false"
            lines[name] = (name, layer, has_day, " ".join(sorted(reads[name])))
    order = TopologicalSorter({name: sorted(reads[name] & reads.keys()) for name in lines})
    rows = (lines[name] for name in order.static_order())
    return write_rows([("name", "layer", "has_day", "reads"), *rows]).decode()


if __name__ == "__main__":
    KNOWN.write_text(render_known(), encoding="utf-8")
