"""What files a server takes: from whom, and how much at a time.

Streamlit keeps a file in memory from the moment that it arrives, before any page looks at it.
"""

import time
from collections import deque
from collections.abc import Callable

#: Of one browser, and of all together, within the period.
MAX_OF_ONE, MAX_OF_ALL = 200 << 20, 400 << 20
_PERIOD_S = 600.0


class Uploads:
    """How many bytes came lately; used by the one thread that answers requests."""

    def __init__(
        self, may_upload: Callable[[str], bool], clock: Callable[[], float] = time.monotonic
    ) -> None:
        """may_upload: whether the person of a browser's session may bring files in."""
        self.may_upload = may_upload
        self._clock = clock
        self._taken: deque[tuple[float, str, int]] = deque()

    def take(self, session: str, size: int) -> bool:
        """Whether so many bytes more are taken from this browser; they count from now on."""
        now = self._clock()
        while self._taken and self._taken[0][0] <= now - _PERIOD_S:
            self._taken.popleft()
        of_all = sum(each for *_, each in self._taken)
        of_one = sum(each for _, whose, each in self._taken if whose == session)
        if of_all + size > MAX_OF_ALL or of_one + size > MAX_OF_ONE:
            return False
        self._taken.append((now, session, size))
        return True
