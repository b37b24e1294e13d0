"""How commands come by a passphrase: typed unseen, or a line each from a file descriptor.

Never an argument: those stand in the history of the shell and in the list of processes.
"""

import os
from collections.abc import Iterator
from typing import Annotated

import typer

PassphraseFd = Annotated[
    int | None,
    typer.Option(
        "--passphrase-fd",
        min=0,
        help="Read passphrases from this file descriptor, a line each; 0 is standard input.",
    ),
]


class Passphrases:
    """The passphrases of one command."""

    def __init__(self, descriptor: int | None) -> None:
        """descriptor: where the lines come from; None asks at the terminal."""
        self.is_typed = descriptor is None
        self._lines = iter(()) if descriptor is None else _lines(descriptor)
        self._said: dict[str, str] = {}

    def ask(self, whose: str) -> str:
        """A passphrase that exists already; nobody is asked twice in one command."""
        if whose not in self._said:
            self._said[whose] = (
                str(typer.prompt(f"Passphrase of {whose}", hide_input=True))
                if self.is_typed
                else self._next(whose)
            )
        return self._said[whose]

    def ask_new(self, whose: str) -> str:
        """A new passphrase, typed twice; BadParameter says why one cannot be taken."""
        from safeguards.keys.passphrase import check_passphrase  # noqa: PLC0415

        given = (
            typer.prompt(
                f"New passphrase of {whose}, 5 words or 14 characters at least",
                hide_input=True,
                confirmation_prompt="The same once more",
            )
            if self.is_typed
            else self._next(whose)
        )
        if (why := check_passphrase(given)) is not None:
            raise typer.BadParameter(why)
        return str(given)

    def ask_secret(self, what: str) -> str:
        """Something else that nobody may see, such as a client secret; what: its name."""
        return str(typer.prompt(what, hide_input=True)) if self.is_typed else self._next(what)

    def _next(self, whose: str) -> str:
        try:
            return next(self._lines)
        except StopIteration:
            raise typer.BadParameter(
                f"there is no line for {whose}", param_hint="--passphrase-fd"
            ) from None
        except (OSError, UnicodeDecodeError):
            raise typer.BadParameter("it cannot be read", param_hint="--passphrase-fd") from None


def _lines(descriptor: int) -> Iterator[str]:
    with os.fdopen(os.dup(descriptor), encoding="utf-8") as file:
        for line in file:
            yield line.removesuffix("\n").removesuffix("\r")
