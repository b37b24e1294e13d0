"""Files to take away, each by an address of its own that works once.

Streamlit's own download buttons serve a file to whoever knows its address, for minutes,
and write nothing down.  Here a page offers a file to one browser for a minute; the line in
the log is on the disk before the first byte leaves.
"""

import re
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dashboard.server import guard, sessions
from safeguards.access import access, admission
from safeguards.access.admission import Principal
from safeguards.errors import LogError
from safeguards.home.home import Home
from safeguards.keys.keys import Keys

PATH = "/download/"
#: Seconds for which an offer stands: to see the link and click it.
OFFER_TTL_S = 60.0
_NAME = re.compile(r"[a-z0-9_-]+\.([a-z]{2,5})")
#: What a file is, by the end of its name.
_OFFICE = "application/vnd.openxmlformats-officedocument"
_TYPES = {
    "csv": "text/csv",
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "zip": "application/zip",
}


class Taker(Protocol):
    """Who takes a file: a session, or somebody at a home into which nothing was loaded."""

    @property
    def actor(self) -> str:
        """Who it is, by name."""

    @property
    def home(self) -> Home:
        """Whose files they are."""

    @property
    def admitted(self) -> Principal | None:
        """Who signed in; None in a demo home."""

    def is_allowed(self, page: str, action: str = "view") -> bool:
        """Whether the role may do this on this page."""

    def enter(self, page: str, child: str | None = None, action: str = "view") -> None:
        """Write the line of the log; `access.Denied` if the role may not."""


@dataclass(frozen=True)
class Offer:
    """A file that one browser may take; `made` is called when it does.

    child: the one child (pupil_id) whom it is about, for the log.
    """

    session: Taker
    page: str
    name: str
    make: Callable[[], bytes]
    visitor: str
    expires_at: float
    child: str | None


class Offers:
    """The files that are on offer in this run of the server."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` gives seconds that only grow."""
        self._clock = clock
        self._lock = threading.Lock()
        self._offers: dict[str, Offer] = {}

    def offer(
        self,
        session: Taker,
        page: str,
        make: Callable[[], bytes],
        *,
        name: str,
        visitor: str | None,
        child: str | None = None,
    ) -> str:
        """The address at which this browser may take the file, once.

        visitor: the browser's session, as `entry.Entry` gave it; without one nobody may.
        name: what the file is called, ours and never from data, with an end that says what it is;
        ValueError for another.
        `access.Denied` if the role may not take files from this page, which is logged.
        """
        plain = _NAME.fullmatch(name)
        if plain is None or plain[1] not in _TYPES:
            raise ValueError("a file to take has a plain name in lower case")
        if not session.is_allowed(page, "download"):
            session.enter(page, child, "download")  # writes the denial down, and raises it
        now, token = self._clock(), secrets.token_urlsafe(32)
        until = now + OFFER_TTL_S
        found = Offer(session, page, name, make, visitor or "", until, child)
        with self._lock:
            self._offers = {
                key: each for key, each in self._offers.items() if each.expires_at >= now
            }
            self._offers[token] = found
        return f"{PATH}{token}"

    def take(self, token: str, visitor: str | None) -> Offer | None:
        """The offer, which is then over; None if it is old, taken, or another browser's.

        Another browser does not use it up.
        """
        with self._lock:
            found = self._offers.get(token)
            if found is None or not visitor:
                return None
            if not secrets.compare_digest(found.visitor.encode(), visitor.encode()):
                return None
            del self._offers[token]
        return found if self._clock() <= found.expires_at else None


#: Those of this process: pages put files here, and the route serves them.
OFFERS = Offers()


def build_route(cookie: str, offers: Offers = OFFERS) -> Route:
    """The route that serves what is on offer; cookie: the name of the session's."""

    def serve(request: Request) -> Response:
        visitor = request.cookies.get(cookie)
        # a look at the headers takes nothing, so it must not use up the offer either
        token = request.path_params["word"]
        offer = offers.take(token, visitor) if request.method == "GET" else None
        return guard.build_answer("gone") if offer is None else _serve_offer(offer)

    return Route(f"{PATH}{{word}}", serve, methods=["GET"])


def _serve_offer(offer: Offer) -> Response:
    home, admitted = offer.session.home, offer.session.admitted
    if admitted is not None and not (
        sessions.ACTIVE_SIGN_INS.find_admitted(offer.visitor) == admitted
        and admission.is_still_valid(home, Keys.load(home), admitted)
    ):
        return guard.build_answer("gone")
    try:
        offer.session.enter(offer.page, offer.child, "download")
    except access.Denied:
        return guard.build_answer("denied")
    except LogError:
        return guard.build_answer("no_log")
    headers = {"Content-Disposition": f'attachment; filename="{offer.name}"'}
    return Response(offer.make(), media_type=_TYPES[offer.name.rpartition(".")[2]], headers=headers)
