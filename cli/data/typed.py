"""`lac action` and `lac fact`: the two forms, from the command line."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.context import Who, open_session
from cli.options import TO_FIX, HomeOption, handle_user_errors, say_problems
from cli.passphrases import PassphraseFd, Passphrases

if TYPE_CHECKING:
    from intake.build.entries import EntryResult
    from safeguards.access.access import Session

Handle = Annotated[str, typer.Option("--handle", help='The child, such as "copper lantern".')]
Role = Annotated[str, typer.Option("--role", help="pastoral, dsl or teacher: in a demo home.")]


def run_action(
    home: HomeOption,
    handle: Handle,
    kind: Annotated[str, typer.Option("--kind", help='Such as "called the carer".')],
    line: Annotated[str, typer.Option("--line", help="One short line, up to 120 characters.")],
    *,
    day: Annotated[
        datetime | None,
        typer.Option("--date", formats=["%Y-%m-%d"], help="The day; the data's end if unset."),
    ] = None,
    role: Role = "dsl",
    who: Who = None,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Log what was done about a child; it closes the reasons why the child needs a look.

    Prints the entry's id.  Exit code 0: kept; 1: something to put right; 2: not allowed.
    """
    from intake.build.entries import log_action  # noqa: PLC0415

    with handle_user_errors():
        session = _session(home, role, who, passphrase_fd)
        on = day.date() if day else None
        recorded = log_action(session, handle=handle, kind=kind, line=line, on=on)
        _tell(recorded, session.as_at)


def run_fact(
    home: HomeOption,
    handle: Handle,
    file: Annotated[str, typer.Option("--file", help="Whose row it is, such as sdq.csv.")],
    source: Annotated[
        str, typer.Option("--source", help='Where it stands: "letter, Tameside, 12 November".')
    ],
    values: Annotated[
        list[str], typer.Option("--set", metavar="COLUMN=VALUE", help="Once for each column.")
    ],
    *,
    corrects: Annotated[
        str | None, typer.Option("--corrects", metavar="ID", help="The fact that this replaces.")
    ] = None,
    role: Role = "dsl",
    who: Who = None,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Add a fact that arrived in a letter, as a row of an export.

    Prints the entry's id.  Exit code 0: kept; 1: something to put right; 2: not allowed.
    """
    from intake.build.entries import add_fact  # noqa: PLC0415

    pairs = [text.partition("=") for text in values]
    given = {column: value for column, _, value in pairs}
    if len(given) < len(pairs) or not all(sign for _, sign, _ in pairs):
        raise typer.BadParameter("Give each column once, as column=value.", param_hint="--set")
    with handle_user_errors():
        session = _session(home, role, who, passphrase_fd)
        recorded = add_fact(
            session,
            handle=handle,
            file=file,
            values=given,
            where_written=source,
            corrects=corrects,
        )
        _tell(recorded, session.as_at)


def _session(home: Path, role: str, who: str | None, passphrase_fd: int | None) -> "Session":
    return open_session(home, Passphrases(passphrase_fd), who=who, role=role, purpose="typing")


def _tell(recorded: "EntryResult", as_at: date) -> None:
    say_problems(recorded.problems, with_rows=False)
    if recorded.entry_id is None:
        raise typer.Exit(TO_FIX)
    typer.echo(recorded.entry_id)
    if recorded.visible_from is not None and recorded.visible_from > as_at:
        typer.echo(f"It shows once the data reach {recorded.visible_from}.", err=True)
