"""Attempts to sign in, slowed after failures: for each person, and for each address.

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

#: Attempts that fail without a wait, of a person and of an address; a desk may be shared.
FREE_OF_PERSON, FREE_OF_ADDRESS = 5, 30
#: Seconds: no wait is longer, and a failure counts for so long.
LONGEST_WAIT_S, MEMORY_S = 60.0, 3600.0
#: Of a person, within the longest wait, from addresses that have tried nothing for so long: who
#: has many addresses guesses no more than that.
FREE_OF_FIRST = 10
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

    def begin(self, name: str, address: str | None) -> float:
        """Seconds to wait before another attempt; 0 if this one may be made.

        An attempt counts as failed from then on, so that many at once are many; see `reset`.
        """
        now = self._clock()
        tried = _Attempt(name.casefold(), address or "", now)
        with self._lock:
            while self._failed and now - self._failed[0].at > MEMORY_S:
                self._failed.popleft()
            wait = self._find_wait(tried)
            if wait <= 0:
                self._failed.append(tried)
        return wait

    def _find_wait(self, tried: _Attempt) -> float:
        """The longer wait of the person's and the address's."""
        own = [each for each in self._failed if each.name == tried.name]
        wait = _compute_wait(own, FREE_OF_PERSON, tried.at)
        latest = {each.address for each in own if tried.at - each.at < LONGEST_WAIT_S}
        if tried.address not in latest and len(latest) < FREE_OF_FIRST:
            wait = 0.0
        near = [each for each in self._failed if each.address == tried.address]
        return max(wait, _compute_wait(near, FREE_OF_ADDRESS, tried.at))

    def reset(self, name: str, address: str | None) -> None:
        """The person has signed in from there: what failed before it was a slip of theirs."""
        who = (name.casefold(), address or "")
        with self._lock:
            kept = (each for each in self._failed if (each.name, each.address) != who)
            self._failed = deque(kept, maxlen=_MOST_REMEMBERED)


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
