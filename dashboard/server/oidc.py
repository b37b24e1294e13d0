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
from hashlib import sha256
from typing import Any

import streamlit as st

from dashboard.server.guard import CALLBACK
from safeguards.access.people import People, Person
from safeguards.access.provider import Provider
from safeguards.access.sign_in import is_fresh, person_from
from safeguards.errors import SignInDenied
from safeguards.journal.access_log import AccessLog, Event

#: Seconds for which a browser may be away at the provider.
AWAY = 600.0
#: Streamlit's names for the two ways out; it takes no underscore.
_FIRST, _AGAIN = "school", "again"
#: Who somebody is and no more; Google says of an account only beside its address that it is
#: checked.
_SCOPES = {"entra": "openid", "google": "openid email"}


def secrets_for(provider: Provider, client_secret: str, address: str) -> dict[str, Any]:
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
        "redirect_uri": f"{address}{CALLBACK}",
        "cookie_secret": secrets.token_urlsafe(32),
        _FIRST: first,
    }
    if provider.proves_again:
        found[_AGAIN] = {
            **client,
            "client_kwargs": {**asked, "prompt": "login"},
            "authorize_params": {"max_age": "0"},
        }
    return {"auth": found}


@dataclass(frozen=True)
class Arrival:
    """Somebody who came back from the provider and is one of us.

    is_fresh: whether a password was typed a moment ago, and not in a session that went on.
    """

    person: Person
    is_fresh: bool


class Trips:
    """Which browsers went to the provider, and which of its answers have counted."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` gives seconds that only grow."""
        self._clock = clock
        self._lock = threading.Lock()
        self._out: dict[bytes, tuple[float, bool]] = {}
        self._counted: set[bytes] = set()
        self._been: set[bytes] = set()

    def is_out(self, visitor: str) -> bool:
        """Whether this browser went to the provider, and no answer has counted since."""
        with self._lock:
            return _digest(visitor) in self._out

    def has_been(self, visitor: str) -> bool:
        """Whether an answer has counted for this browser in this run."""
        with self._lock:
            return _digest(visitor) in self._been

    def begin(self, visitor: str, *, is_again: bool = False) -> None:
        """A browser goes out; an earlier trip of it is over."""
        now = self._clock()
        with self._lock:
            self._out = {who: trip for who, trip in self._out.items() if now - trip[0] <= AWAY}
            self._out[_digest(visitor)] = (now, is_again)

    def back(self, visitor: str, claims: Mapping[str, Any]) -> bool | None:
        """Whether it went to type the password anew; None if this answer is not for it, now.

        An answer has a nonce of its own, and one that has counted never counts again: so a
        cookie from before says nothing, and leaves the trip as it is.
        """
        nonce = claims.get("nonce")
        if not isinstance(nonce, str) or not nonce:
            return None
        with self._lock:
            began, is_again = self._out.get(_digest(visitor), (None, False))
            if began is None or self._clock() - began > AWAY or _digest(nonce) in self._counted:
                return None
            if claims.get("provider") != (_AGAIN if is_again else _FIRST):
                return None
            self._counted.add(_digest(nonce))
            self._been.add(_digest(visitor))
            del self._out[_digest(visitor)]
        return is_again


#: Those of this process: a page sends people out, and sees them come back.
TRIPS = Trips()


def go(provider: Provider, visitor: str, *, is_again: bool = False) -> None:
    """Send this tab to the provider; to type the password anew, if `is_again`.

    It is typed anew in a browser that has been there, too: else whoever sits down at a
    computer that was left alone comes in with a click, as the one who left.
    visitor: the browser's session, as `entry.Entry` gave it.  The page ends its run next.
    SignInDenied where the provider does not ask for a password on request.
    """
    if is_again and not provider.proves_again:
        raise SignInDenied(
            "Google does not ask for a password again. Use your passphrase here.", "again"
        )
    is_again = is_again or (provider.proves_again and TRIPS.has_been(visitor))
    TRIPS.begin(visitor, is_again=is_again)
    st.login(_AGAIN if is_again else _FIRST)


def arrived(
    visitor: str,
    provider: Provider,
    people: People,
    log: AccessLog,
    now: datetime,
    *,
    signed_in: Person | None = None,
) -> Arrival | None:
    """Who has just come back from the provider in this tab; None if nobody has.

    Call it first in each run of the app.  It answers once: keep what it says.
    signed_in: who is signed in already, and only proves it again.
    SignInDenied if the provider's answer lets nobody in, which is logged; LogError if that
    cannot be written.
    """
    claims = st.user.to_dict()
    is_again = TRIPS.back(visitor, claims)
    if is_again is None:
        return None
    try:
        person = person_from(claims, provider, people, now, is_again=is_again)
        if signed_in is not None:
            _check_same(person, signed_in)
    except SignInDenied as denied:
        log.append(Event("deny", "unknown", "none", purpose=f"sign in: {denied.reason}"))
        raise
    return Arrival(person, is_fresh(claims, now))


def _check_same(person: Person, signed_in: Person) -> None:
    """That the password was typed by whoever is signed in."""
    if (person.sub, person.tid) != (signed_in.sub, signed_in.tid):
        raise SignInDenied("Somebody else is signed in here. Sign out first.", "another")


def leave() -> None:
    """Have Streamlit forget who this is, and the provider too, if it offers that.

    It sends the tab there and back; the page ends its run next.
    """
    st.logout()


def _digest(text: str) -> bytes:
    return sha256(text.encode("utf-8", "surrogatepass")).digest()
