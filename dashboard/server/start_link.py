"""The start link that the command line prints, and the browser sessions of one server run.

The port listens on this computer only, but other people who are signed in to the computer reach
it too.  So nothing is served without a session.  Sessions are kept in memory only, so a server
that starts again knows none of the earlier ones.
"""

import hmac
import secrets
import threading
import time
from collections.abc import Callable
from hashlib import sha256

#: Seconds for which an unused link works.  It stays on the terminal, where passers-by can read it.
#: Ten minutes are enough to copy it, and a server that starts again prints another.
LINK_TTL_S = 600.0
_BYTES = 32


class BrowserSessions:
    """Hold the start link and the sessions of one run of the server.

    Only digests are kept, so what is in memory opens nothing.  A lookup takes the same time
    whatever was asked.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Take a clock whose seconds only grow."""
        self._clock = clock
        self._lock = threading.Lock()
        self._links: dict[bytes, float] = {}
        self._sessions: set[bytes] = set()
        self._renewals: dict[bytes, bytes] = {}
        self._formers: dict[bytes, bytes] = {}
        self._key = secrets.token_bytes(_BYTES)

    def generate_link(self) -> str:
        """Return the secret of a new start link, and void any earlier link."""
        token = secrets.token_urlsafe(_BYTES)
        with self._lock:
            self._links = {compute_digest(token): self._clock() + LINK_TTL_S}
        return token

    def redeem_link(self, token: str) -> str | None:
        """Return a new session for a link, or None if it was used, is too old or never existed."""
        with self._lock:
            expires_at = self._links.pop(compute_digest(token), None)
        if expires_at is None or self._clock() > expires_at:
            return None
        return self.create_session()

    def create_session(self) -> str:
        """Return a new session."""
        session = secrets.token_urlsafe(_BYTES)
        with self._lock:
            self._sessions.add(compute_digest(session))
        return session

    def issue_session(self) -> str:
        """Return a signed session in which nobody is signed in, without storing it.

        Only a server that people reach without a start link gives these away.
        """
        word = secrets.token_urlsafe(_BYTES)
        return f"{word}.{self._sign(word)}"

    def prepare_renewal(self, former: str) -> tuple[str, str]:
        """Return a word, and the session that `former`'s browser gets for it, once."""
        word = secrets.token_urlsafe(_BYTES)
        with self._lock:
            self._renewals[compute_digest(word)] = compute_digest(former)
        return word, _derive_session(word)

    def is_renewal_pending(self, word: str) -> bool:
        """Return whether no browser has brought this word yet."""
        with self._lock:
            return compute_digest(word) in self._renewals

    def redeem_renewal(self, word: str, former: str) -> str | None:
        """Exchange a word for the session that replaces the browser's former one.

        The former session ends only when the browser first sends the new one, because the answer
        with the new one may never arrive, for example if somebody reloads the page at that moment.
        Return None if the word was used, never existed or belongs to another browser.  Then no
        session ends, so nobody is signed in or out by an address that somebody gave them.
        """
        with self._lock:
            if self._renewals.get(compute_digest(word)) != compute_digest(former):
                return None
            session = _derive_session(word)
            del self._renewals[compute_digest(word)]
            self._sessions.add(compute_digest(session))
            self._formers[compute_digest(session)] = compute_digest(former)
        return session

    def has_session(self, session: str | None) -> bool:
        """Return whether this is a session of this run."""
        if not session:
            return False
        word, _, proof = session.partition(".")
        if proof and secrets.compare_digest(proof.encode(), self._sign(word).encode()):
            return True
        with self._lock:
            if compute_digest(session) not in self._sessions:
                return False
            self._sessions.discard(self._formers.pop(compute_digest(session), b""))
            return True

    def _sign(self, word: str) -> str:
        return hmac.digest(self._key, word.encode("utf-8", "surrogatepass"), "sha256").hex()


#: The sessions of this process.  Pages prepare a new one here for whoever signs in.
BROWSER_SESSIONS = BrowserSessions()


def _derive_session(word: str) -> str:
    return sha256(f"session|{word}".encode()).hexdigest()


def compute_digest(text: str | None) -> bytes:
    """Return the digest to keep of a session or word, which opens nothing itself."""
    return sha256((text or "").encode("utf-8", "surrogatepass")).digest()
