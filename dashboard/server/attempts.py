"""Attempts to sign in, slowed after failures for each person and each address.

Nobody is locked out: a wait is a minute at most, whatever others try from other addresses.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard.server.site import CLIENT

#: The failed attempts without a wait, for a person and for an address; people may share a desk.
FREE_OF_PERSON, FREE_OF_ADDRESS = 5, 30
#: The longest wait, and how long a failure counts, in seconds.
LONGEST_WAIT_S, MEMORY_S = 60.0, 3600.0
#: The addresses from which a person has a first attempt without a wait, within the longest wait.
#: It limits the guesses of somebody with many addresses.
FREE_OF_FIRST = 10
_MOST_REMEMBERED = 10_000
_MOST_DOUBLINGS = 10


@dataclass(frozen=True)
class _Attempt:
    name: str
    address: str
    at: float


class Attempts:
    """Hold the attempts of one run of the server that let nobody in."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Take a clock whose seconds only grow."""
        self._clock = clock
        self._lock = threading.Lock()
        self._failed: deque[_Attempt] = deque(maxlen=_MOST_REMEMBERED)

    def begin(self, name: str, address: str | None) -> float:
        """Return the seconds to wait before another attempt, or 0 if this one may be made.

        The attempt counts as failed until `reset`, so that many at the same time count as many.
        """
        now = self._clock()
        attempt = _Attempt(name.casefold(), address or "", now)
        with self._lock:
            while self._failed and now - self._failed[0].at > MEMORY_S:
                self._failed.popleft()
            wait = self._find_wait(attempt)
            if wait <= 0:
                self._failed.append(attempt)
        return wait

    def _find_wait(self, attempt: _Attempt) -> float:
        """Return the wait of the person or of the address, whichever is longer."""
        by_person = [entry for entry in self._failed if entry.name == attempt.name]
        wait = _compute_wait(by_person, FREE_OF_PERSON, attempt.at)
        latest = {entry.address for entry in by_person if attempt.at - entry.at < LONGEST_WAIT_S}
        if attempt.address not in latest and len(latest) < FREE_OF_FIRST:
            wait = 0.0
        by_address = [entry for entry in self._failed if entry.address == attempt.address]
        return max(wait, _compute_wait(by_address, FREE_OF_ADDRESS, attempt.at))

    def reset(self, name: str, address: str | None) -> None:
        """Forget the person's failures at this address, now that they have signed in there."""
        key = (name.casefold(), address or "")
        with self._lock:
            kept = (entry for entry in self._failed if (entry.name, entry.address) != key)
            self._failed = deque(kept, maxlen=_MOST_REMEMBERED)


#: The attempts of this process.
ATTEMPTS = Attempts()


def find_address() -> str | None:
    """Return the address of the person who is being served, or None outside a request."""
    if (client := CLIENT.get()) is not None:
        return client
    if get_script_run_ctx(suppress_warning=True) is None:
        return None
    return st.context.ip_address or "127.0.0.1"  # Streamlit leaves it out for this computer


def _compute_wait(failed: list[_Attempt], free: int, now: float) -> float:
    """Return the seconds left of a wait that doubles with each failure after the free ones."""
    if len(failed) < free:
        return 0.0
    seconds = 2.0 ** min(len(failed) - free, _MOST_DOUBLINGS)
    wait = min(seconds, LONGEST_WAIT_S)
    return max(0.0, failed[-1].at + wait - now)
