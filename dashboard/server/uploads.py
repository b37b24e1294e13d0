"""What a server takes, of one and of all together: files, and questions of who is nobody yet.

Streamlit keeps a file in memory from the moment that it arrives, before any page looks at it, and
draws the page to sign in for whoever asks.
"""

import asyncio
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

#: Bytes of files of one browser, the seconds for them, and the bytes of all together.
UPLOADS = 200 << 20, 600.0, 400 << 20
#: Of an address where nobody is signed in: what it may have open, what that may cost at once, and
#: what of that is let off each second.  The costs are thousandths of a second of the processor,
#: about: to hand out a file, to open a socket or hang up on a body, to draw a page.  A browser
#: asks for the sixty files of a first page at once where a proxy speaks HTTP/2.
MAX_OPEN, MAX_COST, LET_OFF = 400, 200, 10
REQUEST, SOCKET, MESSAGE = 1, 20, 15


class Quota:
    """How many bytes came lately; used by the one thread that answers requests."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """clock: in seconds."""
        self._clock = clock
        self._taken: deque[tuple[float, str, int]] = deque()

    def take(self, session: str, size: int) -> bool:
        """Whether so many bytes more are taken from this browser; they count from now on."""
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


class Strangers:
    """What addresses of the network ask from browsers in which nobody is signed in.

    This computer's own browser, which has no address, is never one.
    """

    def __init__(self, is_somebody: Callable[[str], bool]) -> None:
        """is_somebody: whether somebody is signed in by now in the browser of a session."""
        self._is_somebody = is_somebody
        self._owed: dict[str, tuple[float, float]] = {}
        self._open: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)

    @contextmanager
    def enter(self, address: str | None, session: str, cost: int) -> Iterator[bool]:
        """Count a request or a socket within the block; whether there is room for it."""
        if address is None:
            yield True
            return
        opened = self._open[address]
        opened.append((session, cost))
        try:
            yield (
                self._is_somebody(session)
                or sum(each for who, each in opened if not self._is_somebody(who)) <= MAX_OPEN
            )
        finally:
            opened.remove((session, cost))
            if not opened:
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
        if owed > MAX_COST:
            return False
        # who owes nothing any more is forgotten
        still = {who: o for who, o in self._owed.items() if o[0] > LET_OFF * (now - o[1])}
        self._owed = {**still, address: (owed, now)}
        return True
