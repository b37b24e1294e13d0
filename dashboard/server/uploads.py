"""How many bytes of files a server takes, of one browser and of all together.

Streamlit keeps a file in memory from the moment that it arrives, before any page looks at it.
"""

import time
from collections import Counter, deque
from collections.abc import Callable

#: Bytes of files of one browser, the seconds for them, and the bytes of all together.
UPLOADS = 200 << 20, 600.0, 400 << 20


class Quota:
    """How many bytes came lately; used by the one thread that answers requests."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Remember nothing yet; `clock` is in seconds."""
        self._clock = clock
        self._taken: deque[tuple[float, str, int]] = deque()

    def take(self, session: str, size: int) -> bool:
        """Return whether so many more bytes are taken from this browser, and count them."""
        of_one, period_s, of_all = UPLOADS
        now = self._clock()
        while self._taken and self._taken[0][0] <= now - period_s:
            self._taken.popleft()
        by_session = Counter[str]()
        for _, whose, each in self._taken:
            by_session[whose] += each
        if by_session[session] + size > of_one or by_session.total() + size > of_all:
            return False
        self._taken.append((now, session, size))
        return True
