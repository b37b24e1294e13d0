"""`lac sql`: answer a question in SQL."""

import sys
from pathlib import Path
from textwrap import fill
from typing import Annotated

import duckdb
import polars as pl
import polars.selectors as cs
import typer
from typer import Argument, Option

from cli.commands import Commands
from cli.context import Analyst
from cli.options import AsJson
from cli.say import say_json, say_lines
from dashboard.text import words
from queries import read
from queries.errors import StoreError
from safeguards.access.access import Session
from safeguards.cells import escape_formulas

app = Commands()


# a query that begins with a comment (--) is not an option
@app.add("sql", context_settings={"ignore_unknown_options": True})
def run_sql(
    caller: Analyst,
    query: Annotated[str | None, Argument(help="One select on tables and checks.")] = None,
    file: Annotated[
        Path | None,
        Option("--file", "-f", help="Read the statement from this file; - is standard input."),
    ] = None,
    is_list: Annotated[
        bool, Option("--list", help="List the tables and checks, and what each one is.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Answer a question in SQL from the tables and checks, as CSV. Safeguarding lead only.

    In CSV, text that a spreadsheet would take for a formula begins with '. JSON has the text as it
    is, and an object for each row.
    """
    if [query is not None, file is not None, is_list].count(True) != 1:
        raise typer.BadParameter(
            'Give one of: a statement in quotation marks, "--file" or "--list".'
        )
    if file is not None:
        query = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    session = caller.open_session("sql")
    session.enter("sql", action="sql")
    if query is None:
        say_lines(_list_marts(session))
        return
    try:
        rows = session.read(query)
    except duckdb.Error as error:  # this error is about the caller's own query
        raise StoreError(f"The query failed: {error}") from error
    _refuse_unwritable(rows, as_json=as_json)
    if as_json:
        say_json(rows.with_columns(cs.float().fill_nan(None)).to_dicts())
    else:
        typer.echo(escape_formulas(rows).write_csv(), nl=False)


def _refuse_unwritable(rows: pl.DataFrame, *, as_json: bool) -> None:
    """Raise StoreError for a column that CSV or JSON cannot hold."""
    for name, kind in rows.schema.items():
        if kind == pl.Binary or (kind.is_nested() and not as_json):
            raise StoreError(
                f'The column "{name}" contains lists, structs or bytes, which CSV cannot '
                "show. Select the parts as columns, or a list as text: array_to_string(...)."
            )


def _list_marts(session: Session) -> list[str]:
    """Return the name and summary of each mart and check that the role may see."""
    marts = {mart.name: mart for mart in read.list_marts()}
    known = [name for name in words.DEFINITIONS if name in marts]
    return [
        f"{name}\n{fill(marts[name].summary, 92, initial_indent='    ', subsequent_indent='    ')}"
        for name in known
        if session.has_category(marts[name].category)
    ]
