"""Signing in with the school's provider, on top of Streamlit's own sign-in.

Streamlit keeps the identity in a cookie, and checks no more than that.  Here an answer of the
provider counts once, and only for the browser that went to ask for it a moment ago.  Whoever
comes in is kept in the server's memory, with our own time limits.
"""

import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import streamlit as st

from dashboard.server.guard import CALLBACK_PATH
from dashboard.server.start_link import compute_digest
from safeguards.access.people import People, Person
from safeguards.access.provider import Provider
from safeguards.access.sign_in import is_fresh, verify_claims
from safeguards.errors import SignInDenied
from safeguards.journal.access_log import AccessLog, Event

#: Seconds for which a browser may be away at the provider.
SIGN_IN_TIMEOUT_S = 600.0
#: The names that Streamlit gets for the two ways to the provider; it allows no underscore.
_FIRST, _AGAIN = "school", "again"
#: The identity and no more.  Google says whether an account's address is verified only with the
#: address.
_SCOPES = {"entra": "openid", "google": "openid email"}


def build_streamlit_secrets(provider: Provider, client_secret: str, address: str) -> dict[str, Any]:
    """Build the secrets that Streamlit needs, for a server at this address.

    They stay in memory.  The key that signs Streamlit's cookies is new in each run, so no cookie
    outlives the server.
    """
    client = {
        "client_id": provider.client_id,
        "client_secret": client_secret,
        "server_metadata_url": provider.server_metadata_url,
    }
    # both providers accept PKCE, though Entra's metadata does not list it
    kwargs = {"scope": _SCOPES[provider.provider], "code_challenge_method": "S256"}
    first: dict[str, Any] = {**client, "client_kwargs": {**kwargs, "prompt": "select_account"}}
    if provider.hosted_domain is not None:
        first["authorize_params"] = {"hd": provider.hosted_domain}
    auth = {
        "redirect_uri": f"{address}{CALLBACK_PATH}",
        "cookie_secret": secrets.token_urlsafe(32),
        _FIRST: first,
    }
    if provider.has_reauthentication:
        auth[_AGAIN] = {
            **client,
            "client_kwargs": {**kwargs, "prompt": "login"},
            "authorize_params": {"max_age": "0"},
        }
    return {"auth": auth}


@dataclass(frozen=True)
class SignIn:
    """A person of this home who came back from the provider.

    `is_fresh` says whether they typed a password a moment ago, rather than resumed a session.
    """

    person: Person
    is_fresh: bool


class PendingSignIns:
    """Hold which browsers went to the provider, and which of its answers have counted.

    A start link admits one browser, so `has_counted` is about the whole run.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Take a clock whose seconds only grow."""
        self._clock = clock
        self._lock = threading.Lock()
        self._pending: dict[bytes, tuple[float, bool]] = {}
        self._used_nonces: set[bytes] = set()
        self._has_counted = False

    def is_pending(self, visitor: str) -> bool:
        """Return whether this browser went to the provider and no answer has counted since."""
        with self._lock:
            return compute_digest(visitor) in self._pending

    @property
    def has_counted(self) -> bool:
        """Return whether an answer has counted in this run."""
        return self._has_counted

    def begin(self, visitor: str, *, is_again: bool = False) -> None:
        """Note that a browser goes to the provider, in place of any earlier trip."""
        now = self._clock()
        with self._lock:
            self._pending = {
                browser: pending
                for browser, pending in self._pending.items()
                if now - pending[0] <= SIGN_IN_TIMEOUT_S
            }
            self._pending[compute_digest(visitor)] = (now, is_again)

    def accept_claims(self, visitor: str, claims: Mapping[str, Any]) -> bool | None:
        """Return whether the trip was to type the password again, or None if it does not count.

        Each answer has its own nonce, and counts only once.  So an older cookie has no effect, and
        leaves the trip pending.
        """
        nonce = claims.get("nonce")
        if not isinstance(nonce, str) or not nonce:
            return None
        with self._lock:
            began, is_again = self._pending.get(compute_digest(visitor), (None, False))
            if (
                began is None
                or self._clock() - began > SIGN_IN_TIMEOUT_S
                or compute_digest(nonce) in self._used_nonces
            ):
                return None
            if claims.get("provider") != (_AGAIN if is_again else _FIRST):
                return None
            self._used_nonces.add(compute_digest(nonce))
            self._has_counted = True
            del self._pending[compute_digest(visitor)]
        return is_again


#: The trips of this process: a page sends people out, and sees them come back.
PENDING_SIGN_INS = PendingSignIns()


def redirect_to_provider(provider: Provider, visitor: str, *, is_again: bool = False) -> None:
    """Send this tab to the provider, to type the password again if `is_again`.

    They must also type it again if anybody has signed in in this run: else whoever sits down at an
    unattended computer could come in with a click, as the person who left.
    The page must end its run next.  `visitor` is the browser's session.
    Raise SignInDenied if the provider cannot ask for a password on request.
    """
    if is_again and not provider.has_reauthentication:
        raise SignInDenied(
            "Google does not ask for a password again. Use your passphrase here.", "again"
        )
    is_again = is_again or (provider.has_reauthentication and PENDING_SIGN_INS.has_counted)
    PENDING_SIGN_INS.begin(visitor, is_again=is_again)
    st.login(_AGAIN if is_again else _FIRST)


def complete_sign_in(
    visitor: str,
    provider: Provider,
    people: People,
    log: AccessLog,
    now: datetime,
    *,
    signed_in: Person | None = None,
) -> SignIn | None:
    """Return who has just come back from the provider in this tab, or None if nobody has.

    Call it first in each run of the app, and keep the answer: it gives it only once.
    `signed_in` is a person who is signed in already, and only proves it again.
    Raise SignInDenied, after logging it, if the answer admits nobody.  Raise LogError if that
    cannot be written.
    """
    claims = st.user.to_dict()
    is_again = PENDING_SIGN_INS.accept_claims(visitor, claims)
    if is_again is None:
        return None
    try:
        person = verify_claims(claims, provider, people, now, is_reauthentication=is_again)
        if signed_in is not None:
            _require_same_person(person, signed_in)
    except SignInDenied as denied:
        log.append(Event("deny", "unknown", "none", purpose=f"sign in: {denied.reason}"))
        raise
    return SignIn(person, is_fresh(claims, now))


def _require_same_person(person: Person, signed_in: Person) -> None:
    """Refuse a password that was typed by anybody but the person who is signed in."""
    if (person.sub, person.tid) != (signed_in.sub, signed_in.tid):
        raise SignInDenied("Somebody else is signed in here. Sign out first.", "another")
