"""The command line: `lac`.  A command's module is imported when the command is called."""

import csv
import gc
import logging
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_group

#: By command, in the order of `lac --help`: the module that has it, and its line there.
with Path(__file__).with_name("commands.csv").open(encoding="utf-8", newline="") as _file:
    _COMMANDS = {row["command"]: row for row in csv.DictReader(_file)}


class LazyGroup(TyperGroup):
    """Lists every command by its line above, and imports the one that is called."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = {
            name: TyperCommand(name, help=row["line"]) for name, row in _COMMANDS.items()
        }

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The command itself, in place of its line."""
        name, _, rest = super().resolve_command(ctx, args)
        return name, load_command(name) if name else None, rest


app = typer.Typer(
    cls=LazyGroup,
    callback=lambda: None,  # without one typer takes it for no group
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Attendance, wellbeing and plans of a school's looked-after children.\n\n"
    "lac demo                              a made-up school, in your browser\n\n"
    "lac check exports/                    what would be refused, and how to mend it\n\n"
    "lac load exports/ --home school/      take the exports in\n\n"
    "lac run --home school/                the dashboard\n\n"
    "lac notebook                          deeper looks, and what each one asks\n\n"
    "Nothing leaves this computer: no telemetry, no update checks.",
)


def load_command(name: str) -> Any:
    """The typer command or group of a name in the list above; imports its module."""
    gc.disable()  # what is imported stays: the collector would walk it again and again
    group = get_group(import_module(f"cli.{_COMMANDS[name]['module']}").app)
    gc.freeze()
    gc.enable()
    command = group.commands.get(name, group)  # a module of one group has no command of its name
    command.name = name
    return command


def main() -> None:
    """The entry point of `lac`."""
    os.umask(0o077)  # whatever is written here is for its owner's eyes
    if level := os.environ.get("LAC_LOG"):
        logging.basicConfig(level=level.upper(), format="%(name)s %(message)s", stream=sys.stderr)
    app()


if __name__ == "__main__":
    main()
