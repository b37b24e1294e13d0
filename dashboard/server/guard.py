"""The edge of the server: each request is questioned here first, each answer is marked here.

What has the wrong host, comes from another site, has no session, asks for what nobody
needs or is too large goes no further.  Streamlit sets none of these headers by itself, and
gives its files to whoever knows an address.
"""

import os
import re
from collections.abc import Mapping, Sequence
from html import escape
from ipaddress import IPv4Address
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.server.settings import HOST
from dashboard.server.start_link import BrowserSessions, format_cookie_name
from dashboard.text import words

START_PATH = "/start/"
#: Streamlit's own ways out to the school's provider and back from it.
LOGIN_PATH, CALLBACK_PATH = "/auth/login", "/oauth2callback"
SIGN_IN_PATHS = (LOGIN_PATH, "/auth/logout", CALLBACK_PATH)
_FIRST_ERROR_STATUS = 400
#: Of a request's body: the largest upload of 50 MB, with its form around it.
MAX_BODY_BYTES = 51 * 1024 * 1024

_POLICY = {
    "default-src": "'self'",
    "script-src": "'self' 'unsafe-eval'",  # charts compile their expressions
    "style-src": "'self' 'unsafe-inline'",  # Streamlit writes its styles as it draws
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "frame-src": "'none'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
    "worker-src": "'self' blob:",
}
_DENIED_FEATURES = ("accelerometer", "camera", "display-capture", "geolocation", "gyroscope",
           "magnetometer", "microphone", "midi", "payment", "publickey-credentials-get",
           "serial", "usb")  # fmt: skip
#: marimo's page begins with a script of its own, which stands in the page, and names its base.
NOTEBOOK_POLICY = {
    **_POLICY,
    "script-src": "'self' 'unsafe-eval' 'unsafe-inline'",
    "base-uri": "'self'",
}
HEADERS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in _DENIED_FEATURES),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
    "Cache-Control": "no-store",
}
#: Streamlit's own scripts and styles: the same for everybody, and named by what they hold.
_ASSETS = "/static/"
#: All that a page asks of Streamlit's inside; the rest tells of the server, or is a second
#: way to the pages.
_CORE = "/_stcore/"
_CORE_OPEN_PATHS = ("health", "host-config", "stream", "upload_file/")
#: Pages hold no picture, sound, frame or file that Streamlit would serve by its address.
_CLOSED_PATHS = ("/media/", "/component/", "/app/", "/healthz", "/script-health-check", "/metrics")
#: Where there is no provider, nothing is at these; where there is one, only what is in SIGN_IN.
_SIGN_IN_ROOTS = ("/auth/", CALLBACK_PATH)
#: What stands in a query that needs no second look.
_QUERY = re.compile(rb"[\w.~%&=+/:,;@!$'()*-]{1,8192}", re.ASCII)
#: Streamlit's cookies of who somebody is, and of who went to the provider, which it would
#: have a browser keep for weeks.
_IDENTITY_COOKIES = (b"_streamlit_user", b"_streamlit_session")


class Guard:
    """An ASGI app around the one that it guards."""

    def __init__(
        self,
        app: ASGIApp,
        port: int,
        entry: BrowserSessions,
        *,
        has_provider: bool = False,
        policy: Mapping[str, str] = _POLICY,
    ) -> None:
        """has_provider: whether people sign in with a service of the school's.

        policy: what a page may bring in, by the directives of a Content-Security-Policy.
        """
        text = "; ".join(f"{name} {value}" for name, value in policy.items())
        self._headers = {"Content-Security-Policy": text, **HEADERS}
        self._app = app
        self._entry = entry
        self._has_provider = has_provider
        self._cookie = format_cookie_name(port)
        self._port = port
        self._hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on with a body that is counted."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        marked = _add_headers(scope, send, self._headers)
        answer = self._answer(scope)
        if answer is not None:
            await answer(scope, receive, marked)
            return
        has_begun = is_unreached = False

        async def watched(message: Message) -> None:
            nonlocal has_begun, is_unreached
            is_unreached |= (
                scope["path"] == LOGIN_PATH and message.get("status", 0) >= _FIRST_ERROR_STATUS
            )
            if not is_unreached:  # else Streamlit's two words would stand for it
                has_begun = True
                await marked(message)

        try:
            await self._app(scope, _limit_body(receive), watched)
        except _TooLargeError:
            if not has_begun:
                await _TOO_LARGE(scope, receive, marked)
        if is_unreached:
            await _PROVIDER_DOWN(scope, receive, marked)

    def _answer(self, scope: Scope) -> Response | None:
        """What is answered without the app; None if the app may see the request."""
        headers, path = Headers(scope=scope), scope["path"]
        hosts = headers.getlist("host")
        if is_other_os_user(scope.get("client"), self._port):
            return _OTHER_OS_USER
        if len(hosts) != 1 or hosts[0].lower() not in self._hosts:
            return _WRONG_HOST
        if not _is_from_here(scope, headers):
            return _FOREIGN
        is_known = self._entry.has_session(HTTPConnection(scope).cookies.get(self._cookie))
        if path.startswith(START_PATH) and scope.get("method") == "GET":
            return self._redeem_link(path.removeprefix(START_PATH), is_known=is_known)
        if is_known:
            return _answer_known_browser(path, headers, has_provider=self._has_provider)
        return (_retry_callback(scope, headers) if self._has_provider else None) or _NO_SESSION

    def _redeem_link(self, token: str, *, is_known: bool) -> Response:
        """The way from the start link to the first page; the address keeps no word of it."""
        session = self._entry.redeem_link(token)
        if session is None and not is_known:
            return _OLD_LINK
        answer = RedirectResponse("/", status_code=303)
        if session is not None:
            # no age: it goes when the browser closes; no Secure: this is http on loopback
            answer.set_cookie(self._cookie, session, httponly=True, samesite="strict")
        return answer


class _TooLargeError(Exception):
    """More of a body came than any page takes."""


def build_page(status: int, title: str, *lines: str) -> HTMLResponse:
    """A plain page of our own words, which needs no script; never with text from data."""
    body = "".join(f"<p>{line}</p>" for line in lines)
    return HTMLResponse(
        f'<!doctype html><html lang="en"><head><title>{title} - {words.APP}</title>'
        '<meta name="viewport" content="width=device-width"></head>'
        f"<body><main><h1>{title}</h1>{body}</main></body></html>",
        status,
    )


_AGAIN = (
    "Or stop lac in the terminal with Ctrl-C and start it again: it prints a new link. "
    "A link works once, within ten minutes."
)
_NO_SESSION = build_page(
    403, "Start from the link", "Open the link that lac printed in the terminal.", _AGAIN
)
_OLD_LINK = build_page(
    403, "This link does not work any more", "It was used, or it is too old.", _AGAIN
)
_OTHER_OS_USER = build_page(
    403, "Only the person who started lac may open this", "You are somebody else."
)
_WRONG_HOST = build_page(421, "This address is not served here", "Open the link that lac printed.")
_FOREIGN = build_page(403, "Another site asked for this", "Only the dashboard's own pages may ask.")
_NOTHING_HERE = build_page(404, "There is nothing here", "Go back to the dashboard.")
_PROVIDER_DOWN = build_page(
    502,
    "The sign-in service does not answer",
    "Look whether this computer has a network, go back, and try again.",
)
_TOO_LARGE = build_page(
    413, "This is too large", "A file may have five megabytes. Nothing was taken."
)


def _is_from_here(scope: Scope, headers: Headers) -> bool:
    """Whether our own page asks, or a person who opens an address.

    Another server on this computer counts as the same site for cookies, not as our origin.
    """
    origin = headers.get("origin")
    if origin is not None and origin.lower() != f"http://{headers['host'].lower()}":
        return False
    if scope["type"] == "websocket":
        return origin is not None  # each browser sends it
    is_page = headers.get("sec-fetch-mode") == "navigate" and scope["method"] == "GET"
    return is_page or headers.get("sec-fetch-site") in (None, "same-origin", "none")


def _answer_known_browser(path: str, headers: Headers, *, has_provider: bool) -> Response | None:
    is_sign_in = path.startswith(_SIGN_IN_ROOTS)
    if _is_closed(path) or (is_sign_in and not (has_provider and path in SIGN_IN_PATHS)):
        return _NOTHING_HERE
    length = headers.get("content-length", "0")
    return None if length.isdecimal() and int(length) <= MAX_BODY_BYTES else _TOO_LARGE


def _retry_callback(scope: Scope, headers: Headers) -> Response | None:
    """The way back from the provider, asked for again by our own page; None for anything else.

    A browser that comes from another site brings no strict cookie, so the first time it is
    nobody's.  Our page asks the same from here: then the cookie is there, or it never was.
    """
    is_return = (
        scope["path"] == CALLBACK_PATH
        and scope.get("method") == "GET"
        and headers.get("sec-fetch-site") == "cross-site"
        and headers.get("sec-fetch-mode") == "navigate"
        and headers.get("sec-fetch-dest") == "document"
    )
    query: bytes = scope["query_string"]
    if not is_return or (query and not _QUERY.fullmatch(query)):
        return None
    address = escape(f"{CALLBACK_PATH}?{query.decode('ascii')}")
    return HTMLResponse(
        f'<!doctype html><html lang="en"><head><title>Signing in - {words.APP}</title>'
        f'<meta http-equiv="refresh" content="0;url={address}"></head>'
        f'<body><main><p><a href="{address}">Go on</a></p></main></body></html>'
    )


def _is_closed(path: str) -> bool:
    if path.startswith(_CORE):
        return not path.removeprefix(_CORE).startswith(_CORE_OPEN_PATHS)
    return path.startswith(_CLOSED_PATHS)


def _add_headers(scope: Scope, send: Send, ours: Mapping[str, str]) -> Send:
    """`send`, with our headers on every answer in place of any that are there."""

    async def marked(message: Message) -> None:
        if message["type"].endswith("http.response.start"):
            given = message.get("headers", ())
            message = {**message, "headers": [_limit_identity_cookie(*each) for each in given]}
            headers = MutableHeaders(scope=message)
            is_asset = scope["path"].startswith(_ASSETS) and message["status"] in (200, 304)
            for name, value in ours.items():
                if not (name == "Cache-Control" and is_asset):
                    headers[name] = value
        await send(message)

    return marked


def _limit_identity_cookie(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    """A header; who somebody is goes when the browser closes, and to no other site's asking."""
    is_identity = name.lower() == b"set-cookie" and value.startswith(_IDENTITY_COOKIES)
    parts = value.split(b"; ")
    ages = [part for part in parts if part.lower().startswith(b"max-age=")]
    if not is_identity or not ages or int(ages[0][8:]) <= 0:  # it is none, or taken back
        return name, value
    dropped = (b"max-age=", b"samesite=")
    parts = [part for part in parts if not part.lower().startswith(dropped)]
    return name, b"; ".join([*parts, b"SameSite=strict"])


def _limit_body(receive: Receive) -> Receive:
    """`receive`, which ends a body that grows too large, whatever its header said."""
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        if message["type"] == "http.request":
            taken += len(message.get("body", b""))
            if taken > MAX_BODY_BYTES:
                raise _TooLargeError
        return message

    return counted


#: Of the connections of this computer, each end's user beside it.
_TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_LOCAL, _REMOTE, _USER = 1, 2, 7
_ROOT = 0
#: How an address of the fourth version is written in the table of the sixth.
_MAPPED = "0000000000000000FFFF0000"


def is_other_os_user(
    client: tuple[str, int] | None, server_port: int, tables: Sequence[Path] = _TABLES
) -> bool:
    """Whether another user of this computer asks: neither ours, nor the system's own.

    So it is with whoever is in no table, from whatever address.  False where nobody can tell:
    on systems without such a table.
    """
    found = [table for table in tables if table.exists()]
    if not found:
        return False
    if client is None:
        return True
    lines = [line for table in found for line in table.read_text("ascii").splitlines()[1:]]
    ends = [_format_address(*client), _format_address(HOST, server_port)]
    both = (ends, [_MAPPED + end for end in ends])
    users = {
        int(fields[_USER])
        for fields in map(str.split, lines)
        if [fields[_LOCAL], fields[_REMOTE]] in both
    }
    return not users or bool(users - {os.getuid(), _ROOT})


def _format_address(host: str, port: int) -> str:
    """An address and a port, as the table writes them; one that is none is in no line."""
    try:
        return f"{IPv4Address(host).packed[::-1].hex().upper()}:{port:04X}"
    except ValueError:
        return ""
