"""One writer of a home's store at a time."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

from filelock import Timeout

from intake.problems import IntakeError
from safeguards.files import lock_file
from safeguards.home.home import Home

#: An entry that somebody typed is in the store well within this.
_LOCK_TIMEOUT_S = 3.0
#: A passphrase takes some seconds on an old computer, and several at a time more.
_PEOPLE_TIMEOUT_S = 60.0


@contextmanager
def lock_store(home: Home, timeout_s: float = _LOCK_TIMEOUT_S) -> Iterator[None]:
    """Hold the home's store; IntakeError if somebody else has it for longer than that."""
    with ExitStack() as held:
        try:
            held.enter_context(lock_file(home.folder / "load", timeout_s))
        except Timeout:
            raise IntakeError("Another load is running. Try again in a few minutes.") from None
        yield


def lock_people(home: Home) -> AbstractContextManager[None]:
    """Hold the home while roles or passphrases are read and written: nobody's change is lost."""
    return lock_store(home, _PEOPLE_TIMEOUT_S)
