"""`lac sql`: a question of one's own."""

from dataclasses import dataclass
from typing import Annotated

import polars.selectors as cs
import typer
from typer import Argument

from cli.commands import Commands
from cli.context import Caller
from cli.options import AsAt, AsJson
from cli.say import say_json
from safeguards.cells import escape_formulas

app = Commands()


@dataclass
class Analyst(Caller):
    """Who asks, on a day."""

    as_at: AsAt = None


@app.add("sql")
def run_sql(
    query: Annotated[str, Argument(help="One select on marts and checks.")],
    caller: Analyst,
    as_json: AsJson = False,
) -> None:
    """Answer one select on the marts and checks as CSV, as the safeguarding lead.

    A text that a spreadsheet would take for a formula has a ' before it; not so in JSON, which
    has an object for each row.
    """
    session = caller.open_session("sql")
    session.enter("sql", action="sql")
    rows = session.read(query)
    if as_json:
        say_json(rows.with_columns(cs.float().fill_nan(None)).to_dicts())
    else:
        typer.echo(escape_formulas(rows).write_csv(), nl=False)
