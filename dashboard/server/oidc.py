"""Signing in with the school's provider, which Streamlit does: the way out, and the way back.

Streamlit keeps who somebody is in a cookie, and asks no more about it.  Here an answer of
the provider counts once, for the browser that went to ask for it a moment ago; whoever is
then let in is kept in the server's memory, with limits of our own.
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
#: Streamlit's names for the two ways out; it takes no underscore.
_FIRST, _AGAIN = "school", "again"
#: Who somebody is and no more; Google says of an account only beside its address that it is
#: checked.
_SCOPES = {"entra": "openid", "google": "openid email"}


def build_streamlit_secrets(provider: Provider, client_secret: str, address: str) -> dict[str, Any]:
    """What Streamlit calls its secrets, for a server at this address.

    They are in memory only.  The key that signs its cookies is a new one in each run, so
    that no cookie outlives the server.
    """
    client = {
        "client_id": provider.client_id,
        "client_secret": client_secret,
        "server_metadata_url": provider.server_metadata_url,
    }
    # both providers take a challenge with the code, though Entra's description leaves it out
    asked = {"scope": _SCOPES[provider.provider], "code_challenge_method": "S256"}
    first: dict[str, Any] = {**client, "client_kwargs": {**asked, "prompt": "select_account"}}
    if provider.hosted_domain is not None:
        first["authorize_params"] = {"hd": provider.hosted_domain}
    found = {
        "redirect_uri": f"{address}{CALLBACK_PATH}",
        "cookie_secret": secrets.token_urlsafe(32),
        _FIRST: first,
    }
    if provider.has_reauthentication:
        found[_AGAIN] = {
            **client,
            "client_kwargs": {**asked, "prompt": "login"},
            "authorize_params": {"max_age": "0"},
        }
    return {"auth": found}


@dataclass(frozen=True)
class SignIn:
    """Somebody who came back from the provider and is one of us.

    is_fresh: whether a password was typed a moment ago, and not in a session that went on.
    """

    person: Person
    is_fresh: bool


class PendingSignIns:
    """Which browsers went to the provider, and which of its answers have counted.

    One link lets in one browser, so whether anybody has signed in in a run is told of the run.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` gives seconds that only grow."""
        self._clock = clock
        self._lock = threading.Lock()
        self._pending: dict[bytes, tuple[float, bool]] = {}
        self._used_nonces: set[bytes] = set()
        self._has_counted = False

    def is_pending(self, visitor: str) -> bool:
        """Whether this browser went to the provider, and no answer has counted since."""
        with self._lock:
            return compute_digest(visitor) in self._pending

    @property
    def has_counted(self) -> bool:
        """Whether an answer has counted in this run."""
        return self._has_counted

    def begin(self, visitor: str, *, is_again: bool = False) -> None:
        """A browser goes out; an earlier trip of it is over."""
        now = self._clock()
        with self._lock:
            self._pending = {
                who: pending
                for who, pending in self._pending.items()
                if now - pending[0] <= SIGN_IN_TIMEOUT_S
            }
            self._pending[compute_digest(visitor)] = (now, is_again)

    def accept_claims(self, visitor: str, claims: Mapping[str, Any]) -> bool | None:
        """Whether it went to type the password anew; None if this answer is not for it, now.

        An answer has a nonce of its own, and one that has counted never counts again: so a
        cookie from before says nothing, and leaves the trip as it is.
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


#: Those of this process: a page sends people out, and sees them come back.
PENDING_SIGN_INS = PendingSignIns()


def redirect_to_provider(provider: Provider, visitor: str, *, is_again: bool = False) -> None:
    """Send this tab to the provider; to type the password anew, if `is_again`.

    It is typed anew once somebody has signed in in this run, too: else whoever sits down at a
    computer that was left alone comes in with a click, as the one who left.
    visitor: the browser's session, as `entry.Entry` gave it.  The page ends its run next.
    SignInDenied where the provider does not ask for a password on request.
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
    """Who has just come back from the provider in this tab; None if nobody has.

    Call it first in each run of the app.  It answers once: keep what it says.
    signed_in: who is signed in already, and only proves it again.
    SignInDenied if the provider's answer lets nobody in, which is logged; LogError if that
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
    """That the password was typed by whoever is signed in."""
    if (person.sub, person.tid) != (signed_in.sub, signed_in.tid):
        raise SignInDenied("Somebody else is signed in here. Sign out first.", "another")
