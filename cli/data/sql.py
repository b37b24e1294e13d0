"""The command that answers a question in SQL: parsing and printing only."""

from typing import Annotated

import typer

from cli.context import Who, open_session
from cli.options import AsAt, HomeOption, handle_user_errors
from cli.passphrases import PassphraseFd, Passphrases


def run_sql(
    query: Annotated[str, typer.Argument(help="One select on marts and checks.")],
    home: HomeOption,
    *,
    as_at: AsAt = None,
    who: Who = None,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Answer one select on the marts and checks as CSV, as the safeguarding lead.

    A text that a spreadsheet would take for a formula has a ' before it.
    """
    from safeguards.cells import escape_formulas  # noqa: PLC0415

    with handle_user_errors():
        session = open_session(
            home,
            Passphrases(passphrase_fd),
            who=who,
            role="dsl",
            purpose="sql",
            as_at=as_at.date() if as_at else None,
        )
        session.enter("sql", action="sql")
        typer.echo(escape_formulas(session.read(query)).write_csv(), nl=False)
