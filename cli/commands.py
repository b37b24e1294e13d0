"""How a command of `lac` is made: its context from options, and its errors printed in one place."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from inspect import Parameter, Signature, isclass, signature
from pathlib import Path
from traceback import extract_tb
from typing import Any

import duckdb
import polars as pl
import typer

from cli.context import HomeContext
from cli.options import CANNOT_READ
from intake.problems import IntakeError
from queries.errors import StoreError
from safeguards.errors import SafeguardsError

Command = Callable[..., None]


class Commands(typer.Typer):
    """The commands of one module: a group with a text of help, or some of the top level."""

    def __init__(self, text: str | None = None) -> None:
        super().__init__(help=text, no_args_is_help=True)

    def add(self, name: str | None = None, **settings: Any) -> Callable[[Command], Command]:
        """Register a command, prepared; name: None for the function's own."""
        register = self.command(name, **settings)
        return lambda function: register(prepare(function))


def prepare(function: Command) -> Command:
    """The function as typer may call it: contexts spelled out as options, errors printed.

    A parameter whose type is HomeContext or a subclass is replaced by the options of that
    class: the required ones where it stands, the others after all that the function has.
    An error that a user can fix is printed in a line or two, and ends in exit code 2.
    """
    contexts: dict[str, type[HomeContext]] = {}
    options: list[Parameter] = []
    last: list[Parameter] = []
    for parameter in signature(function).parameters.values():
        kind = parameter.annotation
        if isclass(kind) and issubclass(kind, HomeContext):
            contexts[parameter.name] = kind
            for option in signature(kind).parameters.values():
                (options if option.default is Parameter.empty else last).append(option)
        else:
            options.append(parameter)

    @wraps(function)
    def call(**given: Any) -> None:
        for name, kind in contexts.items():
            names = signature(kind).parameters
            given[name] = kind(**{option: given.pop(option) for option in names})
        with _print_errors():
            function(**given)

    vars(call)["__signature__"] = Signature(
        [each.replace(kind=Parameter.KEYWORD_ONLY) for each in (*options, *last)]
    )
    return call


@contextmanager
def _print_errors() -> Iterator[None]:
    """Print an error that a user can fix in a line or two, and exit with CANNOT_READ."""
    try:
        yield
    except BrokenPipeError:
        raise  # who read the output needs no more of it (`| head`); typer ends without a word
    except (IntakeError, StoreError, SafeguardsError) as error:
        message = str(error)
    except (duckdb.Error, pl.exceptions.PolarsError) as error:
        message = f"This is a fault in lac-monitor, at {_locate(error)}. Please report it."
    except OSError as error:
        message = f"Cannot use {error.filename or 'a file'}: {error.strerror or error}."
    else:
        return
    typer.echo(message, err=True)
    raise typer.Exit(CANNOT_READ)


def _locate(error: Exception) -> str:
    """Return the place in our code at which a library's error arose.

    The error's own text may hold a value of a row, and helps nobody but a programmer.
    """
    frames = [(Path(each.filename), each.lineno) for each in extract_tb(error.__traceback__)]
    path, line = [each for each in frames if "polars" not in each[0].parts][-1]
    return f"{path.parent.name}/{path.name} line {line} ({type(error).__name__})"
