"""Attempts to sign in, slowed after failures: for each person, and for each address.

Nobody is locked out for good: a wait is a minute at most, and whoever has signed in from a
desk before is not slowed there by what others try elsewhere.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard.network.site import CLIENT

#: Attempts that fail without a wait, of a person and of an address; a desk may be shared.
FREE_OF_PERSON, FREE_OF_ADDRESS = 5, 30
#: Seconds: no wait is longer, and a failure counts for so long.
LONGEST_WAIT_S, MEMORY_S = 60.0, 3600.0
_MOST_REMEMBERED = 10_000
_MOST_DOUBLINGS = 10


@dataclass(frozen=True)
class _Attempt:
    name: str
    address: str
    at: float


class Attempts:
    """What was tried in one run of the server, and did not let anybody in."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` gives seconds that only grow."""
        self._clock = clock
        self._lock = threading.Lock()
        self._failed: deque[_Attempt] = deque(maxlen=_MOST_REMEMBERED)
        self._known: set[tuple[str, str]] = set()

    def begin(self, name: str, address: str | None) -> float:
        """Seconds to wait before another attempt; 0 if this one may be made.

        It counts as failed from then on, so that many at once are many; see `reset`.
        """
        now, tried = self._clock(), _Attempt(name.casefold(), address or "", self._clock())
        with self._lock:
            while self._failed and now - self._failed[0].at > MEMORY_S:
                self._failed.popleft()
            own = [each for each in self._failed if self._is_same_person(each, tried)]
            near = [each for each in self._failed if each.address == tried.address]
            wait = max(
                _compute_wait(own, FREE_OF_PERSON, now), _compute_wait(near, FREE_OF_ADDRESS, now)
            )
            if wait <= 0:
                self._failed.append(tried)
        return wait

    def reset(self, name: str, address: str | None) -> None:
        """The person has signed in from there: what failed before it was a slip of theirs."""
        who = (name.casefold(), address or "")
        with self._lock:
            self._known.add(who)
            kept = (each for each in self._failed if (each.name, each.address) != who)
            self._failed = deque(kept, maxlen=_MOST_REMEMBERED)

    def _is_same_person(self, other: _Attempt, tried: _Attempt) -> bool:
        """Whether it counts against this one: from a desk of theirs, only what was tried there."""
        is_elsewhere = other.address != tried.address
        is_known = any((tried.name, each.address) in self._known for each in (other, tried))
        return other.name == tried.name and not (is_elsewhere and is_known)


#: Those of this process.
ATTEMPTS = Attempts()


def find_address() -> str | None:
    """The address of the person for whom something is done now; None where nobody is asked."""
    if (answering := CLIENT.get()) is not None:
        return answering
    if get_script_run_ctx(suppress_warning=True) is None:
        return None
    return st.context.ip_address or "127.0.0.1"  # which Streamlit does not tell


def _compute_wait(failed: list[_Attempt], free: int, now: float) -> float:
    """Seconds left of a wait that doubles with each failure after the free ones."""
    if len(failed) < free:
        return 0.0
    doubled = 2.0 ** min(len(failed) - free, _MOST_DOUBLINGS)
    wait = min(doubled, LONGEST_WAIT_S)
    return max(0.0, failed[-1].at + wait - now)
