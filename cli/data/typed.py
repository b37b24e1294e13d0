"""`lac action` and `lac fact`: the two forms, from the command line."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

import typer
from typer import Option

from cli.commands import Commands
from cli.context import Caller
from cli.options import TO_FIX, DayOption
from cli.say import say_problems
from intake.publish.entries import EntryResult, add_fact, log_action

app = Commands()

Child = Annotated[str, Option("--handle", help='The child, such as "copper lantern".')]


IsConfirmed = Annotated[bool, Option("--confirmed", help="No word of it names a child.")]


@dataclass
class _Typist(Caller):
    role: Annotated[str, Option(help="pastoral, dsl or teacher: in a demo home.")] = "dsl"


@app.add("action")
def run_action(
    caller: _Typist,
    handle: Child,
    kind: Annotated[str, Option(help='Such as "called the carer".')],
    line: Annotated[str, Option(help="One short line, up to 120 characters.")] = "",
    day: Annotated[
        datetime | None, DayOption("--date", help="The day; the data's end if unset.")
    ] = None,
    follow_up: Annotated[datetime | None, DayOption("--follow-up", help="The review date.")] = None,
    corrects: Annotated[
        str | None, Option(metavar="ID", help="The action that this replaces.")
    ] = None,
    is_confirmed: IsConfirmed = False,
) -> None:
    """Log what was done about a child; it closes the reasons why the child needs attention.

    Prints the entry's id.  Exit code 0: kept; 1: something to put right; 2: not allowed.
    """
    session = caller.open_session("typing")
    recorded = log_action(
        session,
        handle=handle,
        kind=kind,
        line=line,
        on=day.date() if day else None,
        follow_up=follow_up.date() if follow_up else None,
        corrects=corrects,
        is_confirmed=is_confirmed,
    )
    _say_recorded(recorded, session.as_at)


@app.add("fact")
def run_fact(
    caller: _Typist,
    handle: Child,
    file: Annotated[str, Option(help="Whose row it is, such as sdq.csv.")],
    source: Annotated[str, Option(help='Source: "letter, Tameside, 12 November".')],
    values: Annotated[
        list[str], Option("--set", metavar="COLUMN=VALUE", help="Once for each column.")
    ],
    corrects: Annotated[
        str | None, Option(metavar="ID", help="The fact that this replaces.")
    ] = None,
    is_confirmed: IsConfirmed = False,
) -> None:
    """Add a fact that arrived in a letter, as a row of an export.

    Prints the entry's id.  Exit code 0: kept; 1: something to put right; 2: not allowed.
    """
    pairs = [text.partition("=") for text in values]
    given = {column: value for column, _, value in pairs}
    if len(given) < len(pairs) or not all(sign for _, sign, _ in pairs):
        raise typer.BadParameter("Give each column once, as column=value.", param_hint="--set")
    session = caller.open_session("typing")
    recorded = add_fact(
        session,
        handle=handle,
        file=file,
        values=given,
        where_written=source,
        corrects=corrects,
        is_confirmed=is_confirmed,
    )
    _say_recorded(recorded, session.as_at)


def _say_recorded(recorded: EntryResult, as_at: date) -> None:
    say_problems(recorded.problems)
    if recorded.entry_id is None:
        raise typer.Exit(TO_FIX)
    typer.echo(recorded.entry_id)
    if recorded.visible_from is not None and recorded.visible_from > as_at:
        typer.echo(f"It shows once the data reach {recorded.visible_from}.", err=True)
