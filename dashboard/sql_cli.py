"""The command that answers a question in SQL: parsing and printing only."""

from typing import Annotated

import typer

from dashboard.cli_parts import AsAt, HomeOption, bring_up_to_date, told


def sql(
    query: Annotated[str, typer.Argument(help="One select on marts and checks.")],
    home: HomeOption,
    *,
    as_at: AsAt = None,
) -> None:
    """Answer one select on the marts and checks as CSV, as the safeguarding lead."""
    from safeguards import access  # noqa: PLC0415

    with told():
        bring_up_to_date(home)
        day = as_at.date() if as_at else None
        session = access.open(home, actor="command line", role="dsl", purpose="sql", as_at=day)
        session.enter("sql", action="sql")
        typer.echo(session.read(query).write_csv(), nl=False)
