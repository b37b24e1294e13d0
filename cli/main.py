"""The command line: `lac`.  A command's module is imported when the command is called."""

import csv
import gc
import logging
import os
import sys
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer
from typer import Option
from typer.core import TyperCommand, TyperGroup
from typer.main import get_group

#: The module and the line of help of each command, in the order of `lac --help`.
with Path(__file__).with_name("commands.csv").open(encoding="utf-8", newline="") as _file:
    _COMMANDS = {row["command"]: row for row in csv.DictReader(_file)}


#: The number of new objects after which Python collects garbage.  At its default of 700 a command
#: spends a seventh of its time on that, though nearly all objects stay or are freed without it.
_RUBBISH_AT = 50_000


class LazyGroup(TyperGroup):
    """A group that lists every command by its line above, and imports only the one called."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = {
            name: TyperCommand(name, help=row["line"]) for name, row in _COMMANDS.items()
        }

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """Return the command itself in place of its line."""
        name, _, rest = super().resolve_command(ctx, args)
        return name, load_command(name) if name else None, rest


def say_version(is_asked: bool) -> None:
    """Print the version and exit, if it is asked for."""
    if is_asked:
        typer.echo(f"lac-monitor {version('lac-monitor')}")
        raise typer.Exit


def take_options(
    _: Annotated[
        bool,
        Option("--version", callback=say_version, is_eager=True, help="Print the version and end."),
    ] = False,
) -> None:
    """Take the options of `lac` itself."""


app = typer.Typer(
    cls=LazyGroup,
    callback=take_options,
    context_settings={"help_option_names": ["-h", "--help"]},
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Attendance, wellbeing and plans of a school's looked-after children.\n\n"
    "lac demo                              a made-up school, in your browser\n\n"
    "lac check exports/                    what would be refused, and how to fix it\n\n"
    "lac load exports/ --home school/      load the exports\n\n"
    "lac run --home school/                the dashboard\n\n"
    "lac notebook                          notebooks, and what each one asks\n\n"
    "Nothing leaves this computer: no telemetry, no update checks.",
)


def load_command(name: str) -> Any:
    """Import the module of a command in the list above, and return its typer command or group."""
    group = get_group(import_module(f"cli.{_COMMANDS[name]['module']}").app)
    command = group.commands.get(name, group)  # a module that is one group has no such command
    command.name = name
    return command


def main() -> None:
    """Run `lac`."""
    os.umask(0o077)  # only the owner may read the files that lac writes
    gc.set_threshold(_RUBBISH_AT)
    if level := os.environ.get("LAC_LOG"):
        logging.basicConfig(level=level.upper(), format="%(name)s %(message)s", stream=sys.stderr)
    try:
        app()
    finally:
        gc.freeze()  # the process frees what is left, so spare the collector a last look


if __name__ == "__main__":
    main()
