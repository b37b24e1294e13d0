"""Who may come in: the link that the command line printed is traded for a session, once.

The port listens on this computer only, but another person who is signed in to it reaches
the port as well.  So nothing is served without a session, which lives in the memory of
this run and nowhere else: a server that starts again knows none of those before.
"""

import secrets
import threading
import time
from collections.abc import Callable
from hashlib import sha256

#: How long a link is good, unused.  It stays on the terminal for all to see who pass by, and
#: ten minutes are enough to copy it; a server that starts again prints another.
LINK_TTL_S = 600.0
_BYTES = 32


class BrowserSessions:
    """The start link and the sessions of one run of the server.

    It keeps digests only, so that what it holds opens nothing, and looking one up takes as
    long whatever was asked.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` gives seconds that only grow."""
        self._clock = clock
        self._lock = threading.Lock()
        self._links: dict[bytes, float] = {}
        self._sessions: set[bytes] = set()

    def generate_link(self) -> str:
        """The word of a new start link; any link before it is good no more."""
        token = secrets.token_urlsafe(_BYTES)
        with self._lock:
            self._links = {_digest(token): self._clock() + LINK_TTL_S}
        return token

    def redeem_link(self, token: str) -> str | None:
        """A new session for the word of the link; None if it was used, is old or never was."""
        with self._lock:
            expires_at = self._links.pop(_digest(token), None)
        if expires_at is None or self._clock() > expires_at:
            return None
        return self.create_session()

    def create_session(self) -> str:
        """A session without a link, for the server's own look at its first page."""
        session = secrets.token_urlsafe(_BYTES)
        with self._lock:
            self._sessions.add(_digest(session))
        return session

    def end_session(self, session: str) -> None:
        """End a session."""
        with self._lock:
            self._sessions.discard(_digest(session))

    def has_session(self, session: str | None) -> bool:
        """Whether this is a session of this run."""
        if not session:
            return False
        with self._lock:
            return _digest(session) in self._sessions


def format_cookie_name(port: int) -> str:
    """The session's cookie: a browser sends a host's cookies to each of its ports."""
    return f"lac_{port}"


def _digest(text: str) -> bytes:
    return sha256(text.encode("utf-8", "surrogatepass")).digest()
