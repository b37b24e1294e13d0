"""Who is signed in, in which browser, until when: in the memory of this server only.

A server that starts again knows nobody.  The clock is the computer's own, which goes on
while the lid is closed; one that is set back ends every presence.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from safeguards.access.admission import LASTS, Admitted
from safeguards.journal.access_log import utc_now

LONGEST = LASTS
#: After so long without a click, too; before it a page warns for a while.
IDLE = timedelta(minutes=15)
WARNED = timedelta(minutes=2)
#: How long a sign-in is fresh enough to take a file or to see names.
FRESH = timedelta(minutes=10)
#: By how much a clock that keeps itself right may go back.
_SET_RIGHT = timedelta(minutes=1)


@dataclass
class _Present:
    admitted: Admitted
    seen: datetime
    is_new: bool


class Presences:
    """The people who are signed in to one run of the server, by their browser's session."""

    def __init__(self, clock: Callable[[], datetime] = utc_now) -> None:
        """`clock` gives times with their zone."""
        self._clock = clock
        self._lock = threading.Lock()
        self._present: dict[bytes, _Present] = {}

    def sign_in(self, visitor: str, admitted: Admitted, *, is_fresh: bool = True) -> None:
        """Take a browser for this person's from now on, in each of its tabs.

        is_fresh: whether the person has just shown who they are, and did not only come in.
        """
        if not visitor:
            raise ValueError("only a browser that came by the link can be somebody's")
        with self._lock:
            self._present[_digest(visitor)] = _Present(admitted, self._clock(), is_fresh)

    def sign_out(self, visitor: str | None) -> None:
        """Nobody is signed in in this browser any more."""
        with self._lock:
            self._present.pop(_digest(visitor), None)

    def of(self, visitor: str | None) -> Admitted | None:
        """Who is signed in in this browser; None once one of the two times is over.

        The person's own key is forgotten as soon as the sign-in is not fresh any more.
        """
        with self._lock:
            found = self._found(visitor)
            if found is not None and not self._is_fresh(found):
                found.admitted = replace(found.admitted, key=None)
        return None if found is None else found.admitted

    def touch(self, visitor: str | None) -> None:
        """The person did something just now."""
        with self._lock:
            if (found := self._found(visitor)) is not None:
                found.seen = self._clock()

    def left(self, visitor: str | None) -> timedelta:
        """How long the person stays signed in without doing anything; zero for nobody."""
        with self._lock:
            found = self._found(visitor)
            return timedelta(0) if found is None else self._left(found)

    def is_fresh(self, visitor: str | None) -> bool:
        """Whether the person showed who they are a short while ago."""
        with self._lock:
            found = self._found(visitor)
            return found is not None and self._is_fresh(found)

    def _is_fresh(self, found: _Present) -> bool:
        return found.is_new and -_SET_RIGHT <= self._clock() - found.admitted.at < FRESH

    def _found(self, visitor: str | None) -> _Present | None:
        found = self._present.get(_digest(visitor))
        if found is not None and self._left(found) <= timedelta(0):
            del self._present[_digest(visitor)]
            return None
        return found

    def _left(self, found: _Present) -> timedelta:
        now = self._clock()
        if now < found.seen - _SET_RIGHT:
            return timedelta(0)
        return min(found.seen + IDLE, found.admitted.at + LONGEST) - now


#: Those of this process.
PRESENCES = Presences()


def _digest(visitor: str | None) -> bytes:
    return sha256((visitor or "").encode("utf-8", "surrogatepass")).digest()
