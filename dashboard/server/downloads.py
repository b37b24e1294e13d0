"""Downloads, each at its own address that works once.

Streamlit's download buttons serve a file for minutes to whoever knows its address, and log
nothing.  Here a page offers a file to one browser for a minute.  The line in the log is on the
disk before the first byte leaves.
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
#: Seconds for which an offer stands, enough to see the link and click it.
OFFER_TTL_S = 60.0
_NAME = re.compile(r"[a-z0-9_-]+\.([a-z]{2,5})")
#: The media types of files, by the end of their names.
_OFFICE = "application/vnd.openxmlformats-officedocument"
_TYPES = {
    "csv": "text/csv",
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "zip": "application/zip",
}


class Taker(Protocol):
    """The person who takes a file: a session, or somebody at a home that has no data yet."""

    @property
    def actor(self) -> str:
        """Return the person's name."""

    @property
    def home(self) -> Home:
        """Return the home that the files are from."""

    @property
    def admitted(self) -> Principal | None:
        """Return the person who signed in, or None in a demo home."""

    def is_allowed(self, page: str, action: str = "view") -> bool:
        """Return whether the role may do this on this page."""

    def enter(self, page: str, child: str | None = None, action: str = "view") -> None:
        """Write the line of the log, or raise `access.Denied` if the role may not."""


@dataclass(frozen=True)
class Offer:
    """A file that one browser may take; `make` is called when it does.

    `child` is the one child (pupil_id) whom it is about, for the log.
    """

    session: Taker
    page: str
    name: str
    make: Callable[[], bytes]
    visitor: str
    expires_at: float
    child: str | None


class Offers:
    """Hold the files that are on offer in this run of the server."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Take a clock whose seconds only grow."""
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
        """Return the address at which this browser may take the file, once.

        `visitor` is the browser's session; without one nobody can take the file.  `name` is ours
        and never from data.  Raise ValueError if its end is none of `_TYPES`.  Log the refusal and
        raise `access.Denied` if the role may not download from this page.
        """
        plain = _NAME.fullmatch(name)
        if plain is None or plain[1] not in _TYPES:
            raise ValueError("a file to take has a plain name in lower case")
        if not session.is_allowed(page, "download"):
            session.enter(page, child, "download")  # writes the denial down, and raises it
        now, token = self._clock(), secrets.token_urlsafe(32)
        until = now + OFFER_TTL_S
        offer = Offer(session, page, name, make, visitor or "", until, child)
        with self._lock:
            self._offers = {
                key: other for key, other in self._offers.items() if other.expires_at >= now
            }
            self._offers[token] = offer
        return f"{PATH}{token}"

    def take(self, token: str, visitor: str | None) -> Offer | None:
        """Return the offer and end it, or None if it is too old, taken or another browser's.

        A try by another browser does not end it.
        """
        with self._lock:
            offer = self._offers.get(token)
            if offer is None or not visitor:
                return None
            if not secrets.compare_digest(offer.visitor.encode(), visitor.encode()):
                return None
            del self._offers[token]
        return offer if self._clock() <= offer.expires_at else None


#: The offers of this process: pages add files here, and the route serves them.
OFFERS = Offers()


def build_route(cookie: str, offers: Offers = OFFERS) -> Route:
    """Build the route that serves the offers; `cookie` is the name of the session's cookie."""

    def serve(request: Request) -> Response:
        visitor = request.cookies.get(cookie)
        # a HEAD request takes nothing, so it must not use up the offer either
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
