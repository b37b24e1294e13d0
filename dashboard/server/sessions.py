"""Who is signed in, in which browser, until when: in the memory of this server only.

A server that starts again knows nobody.  The clock is the computer's own, which goes on
while the lid is closed; one that is set back ends every presence.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dashboard.server.start_link import compute_digest
from safeguards.access.admission import SIGN_IN_TTL, Principal
from safeguards.journal.access_log import CLOCK_TOLERANCE, get_utc_now

MAX_SIGN_IN = SIGN_IN_TTL
#: After so long without a click, too; before it a page warns for a while.
IDLE_TIMEOUT = timedelta(minutes=15)
WARNING_PERIOD = timedelta(minutes=2)
#: How long a sign-in is fresh enough to take a file or to see names.
FRESH_PERIOD = timedelta(minutes=10)


@dataclass
class _ActiveSignIn:
    admitted: Principal
    last_seen: datetime
    is_new: bool
    address: str | None = None


@dataclass(frozen=True)
class OpenSignIn:
    """One browser in which somebody is signed in: who, since when, and from which address.

    number: what `end` takes; it opens nothing.  address: None on this computer itself.
    """

    number: str
    name: str
    role: str
    address: str | None
    since: datetime
    last_seen: datetime


class ActiveSignIns:
    """The people who are signed in to one run of the server, by their browser's session."""

    def __init__(self, clock: Callable[[], datetime] = get_utc_now) -> None:
        """`clock` gives times with their zone."""
        self._clock = clock
        self._lock = threading.Lock()
        self._sign_ins: dict[bytes, _ActiveSignIn] = {}
        self._successors: dict[bytes, str] = {}

    def sign_in(
        self,
        visitor: str,
        admitted: Principal,
        *,
        is_fresh: bool = True,
        former: str = "",
        address: str | None = None,
    ) -> None:
        """Take a browser for this person's from now on.

        is_fresh: whether the person has just shown who they are, and did not only come in.
        former: the session that the browser had until now, in which nobody is any more.
        """
        if not visitor:
            raise ValueError("only a browser that came by the link can be somebody's")
        with self._lock:
            self._sign_ins[compute_digest(visitor)] = _ActiveSignIn(
                admitted, self._clock(), is_fresh, address
            )
            if former and former != visitor:
                self._sign_ins.pop(compute_digest(former), None)
                self._successors[compute_digest(former)] = visitor

    def sign_out(self, visitor: str | None) -> None:
        """Nobody is signed in in this browser any more."""
        with self._lock:
            self._sign_ins.pop(compute_digest(visitor), None)

    def list_open(self) -> list[OpenSignIn]:
        """Everybody who is signed in, by name."""
        with self._lock:
            live = {
                key: each
                for key, each in self._sign_ins.items()
                if self._compute_time_remaining(each) > timedelta(0)
            }
        found = (
            OpenSignIn(
                key.hex(),
                each.admitted.name,
                each.admitted.role,
                each.address,
                each.admitted.at,
                each.last_seen,
            )
            for key, each in live.items()
        )
        return sorted(found, key=lambda each: (each.name, each.since))

    def end(self, number: str) -> None:
        """Nobody is signed in any more in the browser of this number."""
        with self._lock:
            self._sign_ins.pop(bytes.fromhex(number), None)

    def find_admitted(self, visitor: str | None) -> Principal | None:
        """Who is signed in in this browser; None once one of the two times is over.

        The person's own key is forgotten as soon as the sign-in is not fresh any more.
        """
        with self._lock:
            found = self._find(visitor)
            if found is not None and not self._is_fresh(found):
                found.admitted = replace(found.admitted, key=None)
        return None if found is None else found.admitted

    def find_successor(self, visitor: str | None, name: str) -> str | None:
        """The session that came after one, if this very person is signed in in it.

        So an open tab comes along with its own person, and with nobody else.
        """
        with self._lock:
            while (visitor := self._successors.get(compute_digest(visitor))) is not None:
                found = self._find(visitor)
                if found is not None:
                    return visitor if found.admitted.name == name else None
        return None

    def touch(self, visitor: str | None) -> None:
        """The person did something just now."""
        with self._lock:
            if (found := self._find(visitor)) is not None:
                found.last_seen = self._clock()

    def compute_time_remaining(self, visitor: str | None) -> timedelta:
        """How long the person stays signed in without doing anything; zero for nobody."""
        with self._lock:
            found = self._find(visitor)
            return timedelta(0) if found is None else self._compute_time_remaining(found)

    def is_fresh(self, visitor: str | None) -> bool:
        """Whether the person showed who they are a short while ago."""
        with self._lock:
            found = self._find(visitor)
            return found is not None and self._is_fresh(found)

    def _is_fresh(self, found: _ActiveSignIn) -> bool:
        return found.is_new and -CLOCK_TOLERANCE <= self._clock() - found.admitted.at < FRESH_PERIOD

    def _find(self, visitor: str | None) -> _ActiveSignIn | None:
        found = self._sign_ins.get(compute_digest(visitor))
        if found is not None and self._compute_time_remaining(found) <= timedelta(0):
            del self._sign_ins[compute_digest(visitor)]
            return None
        return found

    def _compute_time_remaining(self, found: _ActiveSignIn) -> timedelta:
        now = self._clock()
        if now < found.last_seen - CLOCK_TOLERANCE:
            return timedelta(0)
        return min(found.last_seen + IDLE_TIMEOUT, found.admitted.at + MAX_SIGN_IN) - now


#: Those of this process.
ACTIVE_SIGN_INS = ActiveSignIns()
