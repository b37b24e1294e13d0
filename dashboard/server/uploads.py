"""What a server takes, of one and of all together: files, and questions of who is nobody yet.

Streamlit keeps a file in memory from the moment that it arrives, before any page looks at it, and
draws the page to sign in for whoever asks.
"""

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

#: Bytes of files of one browser, the seconds for them, and the bytes of all together.
UPLOADS = 200 << 20, 600.0, 400 << 20
#: Of an address where nobody is signed in: requests and sockets at a time, what they may cost at
#: once, and what of that is let off each second.  The costs are thousandths of a second of the
#: processor, about: to hand out a file, to open a socket or hang up on a body, to draw a page.
MAX_OPEN, MAX_COST, LET_OFF = 20, 200, 10
REQUEST, SOCKET, MESSAGE = 1, 20, 15


class Quota:
    """How much was taken of whom in this period; used by the one thread that answers requests."""

    def __init__(
        self,
        of_one: int,
        period_s: float,
        of_all: float = float("inf"),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """of_one, of_all: the most of each, and of all together."""
        self._most, self._period_s, self._clock = (of_one, of_all), period_s, clock
        self._began, self._taken = float("-inf"), Counter[str]()

    def take(self, who: str, amount: int) -> bool:
        """Whether so much more is taken; it counts from now on."""
        now = self._clock()
        if now - self._began >= self._period_s:
            self._began, self._taken = now, Counter()
        of_one, of_all = self._most
        if self._taken[who] + amount > of_one or self._taken.total() + amount > of_all:
            return False
        self._taken[who] += amount
        return True


class Strangers:
    """What addresses of the network ask from browsers in which nobody is signed in.

    This computer's own browser, which has no address, is never one.
    """

    def __init__(self, is_somebody: Callable[[str], bool]) -> None:
        """is_somebody: whether somebody is signed in by now in the browser of a session."""
        self._is_somebody = is_somebody
        self._owed: dict[str, tuple[float, float]] = {}
        self._open: defaultdict[str, list[str]] = defaultdict(list)

    @contextmanager
    def enter(self, address: str | None, session: str) -> Iterator[bool]:
        """Count a request or a socket within the block; whether there is room for it."""
        if address is None:
            yield True
            return
        sessions = self._open[address]
        sessions.append(session)
        try:
            yield (
                len(sessions) <= MAX_OPEN
                or self._is_somebody(session)
                or sum(not self._is_somebody(each) for each in sessions) <= MAX_OPEN
            )
        finally:
            sessions.remove(session)
            if not sessions:
                self._open.pop(address, None)

    async def hold(self, address: str | None, session: str, cost: int) -> None:
        """Return once this may be asked: at once where somebody is signed in."""
        while address and not (  # noqa: ASYNC110 - nobody tells when enough is let off
            self._is_somebody(session) or self._owe(address, cost)
        ):
            await asyncio.sleep(1)

    def _owe(self, address: str, cost: int) -> bool:
        """Whether the address may cost so much more now; it is owed from then on."""
        now = time.monotonic()
        owed, since = self._owed.get(address, (0.0, now))
        owed = max(0.0, owed - LET_OFF * (now - since)) + cost
        if owed <= MAX_COST:
            self._owed[address] = owed, now
        return owed <= MAX_COST
