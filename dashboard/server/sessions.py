"""The people who are signed in, by browser and with their time limits, in this server's memory.

A server that starts again knows nobody.  Times are the computer's clock, which goes on while the
lid is closed.  If the clock is set back, every sign-in ends.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dashboard.server.start_link import compute_digest
from safeguards.access.admission import SIGN_IN_TTL, Principal
from safeguards.journal.access_log import CLOCK_TOLERANCE, get_utc_now

MAX_SIGN_IN = SIGN_IN_TTL
#: A sign-in ends after this long without a click; pages warn for WARNING_PERIOD before it.
IDLE_TIMEOUT = timedelta(minutes=15)
WARNING_PERIOD = timedelta(minutes=2)
#: How long after signing in a person may download a file or see names.
FRESH_PERIOD = timedelta(minutes=10)


@dataclass
class _ActiveSignIn:
    admitted: Principal
    last_seen: datetime
    is_new: bool
    address: str | None = None


@dataclass(frozen=True)
class OpenSignIn:
    """A browser in which somebody is signed in; `number` is for `end`, and opens nothing.

    `address` is None on this computer itself.
    """

    number: str
    name: str
    role: str
    address: str | None
    since: datetime
    last_seen: datetime


class ActiveSignIns:
    """Hold the people who are signed in to one run of the server, by their browser's session."""

    def __init__(self, clock: Callable[[], datetime] = get_utc_now) -> None:
        """Take a clock whose times have a time zone."""
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
        """Sign a person in to a browser, and out of its former session.

        `is_fresh` says whether they have just proved who they are, and did not only come in.
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
        """Sign out whoever is signed in in this browser."""
        with self._lock:
            self._sign_ins.pop(compute_digest(visitor), None)

    def list_open(self) -> list[OpenSignIn]:
        """List everybody who is signed in, by name."""
        with self._lock:
            live = {
                key: sign_in
                for key, sign_in in self._sign_ins.items()
                if self._compute_time_remaining(sign_in) > timedelta(0)
            }
        rows = (
            OpenSignIn(
                key.hex(),
                sign_in.admitted.name,
                sign_in.admitted.role,
                sign_in.address,
                sign_in.admitted.at,
                sign_in.last_seen,
            )
            for key, sign_in in live.items()
        )
        return sorted(rows, key=lambda row: (row.name, row.since))

    def end(self, number: str) -> None:
        """Sign out the browser with this number."""
        with self._lock:
            self._sign_ins.pop(bytes.fromhex(number), None)

    def find_admitted(self, visitor: str | None) -> Principal | None:
        """Return the person signed in in this browser, or None after either time limit.

        The person's own key is forgotten once the sign-in is no longer fresh.
        """
        with self._lock:
            sign_in = self._find(visitor)
            if sign_in is not None and not self._is_fresh(sign_in):
                sign_in.admitted = replace(sign_in.admitted, key=None)
        return None if sign_in is None else sign_in.admitted

    def find_successor(self, visitor: str | None, name: str) -> str | None:
        """Return the session that replaced this one, if the same person is signed in in it.

        An open tab follows its own person to the new session, and nobody else.
        """
        with self._lock:
            while (visitor := self._successors.get(compute_digest(visitor))) is not None:
                sign_in = self._find(visitor)
                if sign_in is not None:
                    return visitor if sign_in.admitted.name == name else None
        return None

    def touch(self, visitor: str | None) -> None:
        """Note that the person did something just now."""
        with self._lock:
            if (sign_in := self._find(visitor)) is not None:
                sign_in.last_seen = self._clock()

    def compute_time_remaining(self, visitor: str | None) -> timedelta:
        """Return how long the person stays signed in without a click, or zero for nobody."""
        with self._lock:
            sign_in = self._find(visitor)
            return timedelta(0) if sign_in is None else self._compute_time_remaining(sign_in)

    def is_fresh(self, visitor: str | None) -> bool:
        """Return whether the person proved who they are a short while ago."""
        with self._lock:
            sign_in = self._find(visitor)
            return sign_in is not None and self._is_fresh(sign_in)

    def _is_fresh(self, sign_in: _ActiveSignIn) -> bool:
        return (
            sign_in.is_new
            and -CLOCK_TOLERANCE <= self._clock() - sign_in.admitted.at < FRESH_PERIOD
        )

    def _find(self, visitor: str | None) -> _ActiveSignIn | None:
        sign_in = self._sign_ins.get(compute_digest(visitor))
        if sign_in is not None and self._compute_time_remaining(sign_in) <= timedelta(0):
            del self._sign_ins[compute_digest(visitor)]
            return None
        return sign_in

    def _compute_time_remaining(self, sign_in: _ActiveSignIn) -> timedelta:
        now = self._clock()
        if now < sign_in.last_seen - CLOCK_TOLERANCE:
            return timedelta(0)
        return min(sign_in.last_seen + IDLE_TIMEOUT, sign_in.admitted.at + MAX_SIGN_IN) - now


#: The sign-ins of this process.
ACTIVE_SIGN_INS = ActiveSignIns()
