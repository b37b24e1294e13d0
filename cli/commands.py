"""Tools that make a command of `lac`: its context from options, its errors in a line or two."""

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
        """Register a prepared command.  It has the function's name if `name` is None."""
        register = self.command(name, **settings)
        return lambda function: register(prepare(function))


def prepare(function: Command) -> Command:
    """Wrap a function for typer: spell out its contexts as options, and print its errors.

    The options of a class replace a parameter of the type HomeContext or a subclass: the required
    ones at the parameter's place, the others after all parameters of the function.
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
        [option.replace(kind=Parameter.KEYWORD_ONLY) for option in (*options, *last)]
    )
    return call


@contextmanager
def _print_errors() -> Iterator[None]:
    """Print an error of the block in a line or two, and exit with CANNOT_READ."""
    try:
        yield
    except BrokenPipeError:
        raise  # the reader has closed the pipe (`| head`), and typer then exits silently
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

    The error's own text may contain a value of a row, and helps only a programmer.
    """
    frames = [(Path(frame.filename), frame.lineno) for frame in extract_tb(error.__traceback__)]
    path, line = [frame for frame in frames if "polars" not in frame[0].parts][-1]
    return f"{path.parent.name}/{path.name} line {line} ({type(error).__name__})"
