"""`lac sql`: a question of one's own."""

from dataclasses import dataclass
from typing import Annotated

import typer
from typer import Argument

from cli.commands import Commands
from cli.context import Caller
from cli.options import AsAt
from safeguards.cells import escape_formulas

app = Commands()


@dataclass
class Analyst(Caller):
    """Who asks, on a day."""

    as_at: AsAt = None


@app.add("sql")
def run_sql(
    query: Annotated[str, Argument(help="One select on marts and checks.")], caller: Analyst
) -> None:
    """Answer one select on the marts and checks as CSV, as the safeguarding lead.

    A text that a spreadsheet would take for a formula has a ' before it.
    """
    session = caller.open_session("sql")
    session.enter("sql", action="sql")
    typer.echo(escape_formulas(session.read(query)).write_csv(), nl=False)
