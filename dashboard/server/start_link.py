"""Who may come in: the link that the command line printed is traded for a session, once.

The port listens on this computer only, but another person who is signed in to it reaches
the port as well.  So nothing is served without a session, which lives in the memory of
this run and nowhere else: a server that starts again knows none of those before.
"""

import hmac
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
        self._renewals: dict[bytes, bytes] = {}
        self._formers: dict[bytes, bytes] = {}
        self._key = secrets.token_bytes(_BYTES)

    def generate_link(self) -> str:
        """The word of a new start link; any link before it is good no more."""
        token = secrets.token_urlsafe(_BYTES)
        with self._lock:
            self._links = {compute_digest(token): self._clock() + LINK_TTL_S}
        return token

    def redeem_link(self, token: str) -> str | None:
        """A new session for the word of the link; None if it was used, is old or never was."""
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
        """A session for whoever asks, in which nobody is signed in; none of it is kept.

        Only a server of which people ask without a link gives these away.
        """
        word = secrets.token_urlsafe(_BYTES)
        return f"{word}.{self._sign(word)}"

    def prepare_renewal(self, former: str) -> tuple[str, str]:
        """A word, and the session that the browser of the session `former` has for it, once."""
        word = secrets.token_urlsafe(_BYTES)
        with self._lock:
            self._renewals[compute_digest(word)] = compute_digest(former)
        return word, _derive_session(word)

    def is_renewal_pending(self, word: str) -> bool:
        """Whether no browser has brought this word yet."""
        with self._lock:
            return compute_digest(word) in self._renewals

    def redeem_renewal(self, word: str, former: str) -> str | None:
        """The session for a word, in place of the one that the browser had.

        That one ends as soon as the browser brings the new one, and not before: the answer
        that holds it may never arrive, as when somebody reloads the page at that moment.
        None for a word that was brought before, never was, or is of another browser: nothing
        ends then, and nobody is signed in or out by an address that somebody gave them.
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
        """Whether this is a session of this run."""
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


#: Those of this process, of which pages make a new one for whoever signs in.
BROWSER_SESSIONS = BrowserSessions()


def _derive_session(word: str) -> str:
    return sha256(f"session|{word}".encode()).hexdigest()


def compute_digest(text: str | None) -> bytes:
    """What is kept of a browser's session or another word, so that it opens nothing."""
    return sha256((text or "").encode("utf-8", "surrogatepass")).digest()
