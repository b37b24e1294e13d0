"""The guard before the server: it checks each request, and adds headers to each answer.

It stops a request with the wrong host, from another site, without a session, for a path that
nobody needs, or that is too large.  Streamlit sets none of these headers itself, and gives its
files to whoever knows an address.
"""

import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from html import escape

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.questions.catalogue import QUESTIONS
from dashboard.server import sessions
from dashboard.server.site import CLIENT, Site, is_other_os_user
from dashboard.server.start_link import BrowserSessions
from dashboard.text import words

START_PATH = "/start/"
#: The path at which one of our pages fetches the new cookie after somebody signs in on it.
RENEWAL_PATH = "/renew/"
#: Streamlit's own paths to the school's provider and back.
LOGIN_PATH, LOGOUT_PATH, CALLBACK_PATH = "/auth/login", "/auth/logout", "/oauth2callback"
SIGN_IN_PATHS = (LOGIN_PATH, LOGOUT_PATH, CALLBACK_PATH)
_FIRST_ERROR_STATUS = 400
#: The connections that we remember as the owner's; a browser keeps about six.
_MOST_CONNECTIONS = 64
#: The largest body of a request: an upload of 50 MB, with its form around it.
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
#: marimo's page starts with an inline script, and sets its base address.
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
#: A browser that has been here once never comes over plain HTTP again.
SHARED_HEADERS: Mapping[str, str] = {"Strict-Transport-Security": "max-age=31536000"}
#: Streamlit's scripts and styles: the same for everybody, and named by their content.
_ASSETS = "/static/"
#: The paths in Streamlit's core that a page needs; the others describe the server, or are a second
#: way to the pages.
_CORE = "/_stcore/"
_UPLOAD = f"{_CORE}upload_file/"
_CORE_OPEN_PATHS = (
    *("health", "host-config", "stream", "upload_file/"),
    "bidi-components/lac-monitor.focus/focus.js",  # our own two scripts
    "bidi-components/lac-monitor.list/list.js",
)
#: Our pages have no picture, sound, frame or file that Streamlit would serve at these.
_CLOSED_PATHS = (
    START_PATH,
    RENEWAL_PATH,
    "/media/",
    "/component/",
    "/app/",
    "/healthz",
    "/script-health-check",
    "/metrics",
)
#: The addresses that a browser opens and that are not pages: Streamlit's files, and downloads.
_OWN_WAYS = (_CORE, _ASSETS, "/download/")
#: The paths of signing in.  With a provider only those in SIGN_IN_PATHS are served, else none.
_SIGN_IN_ROOTS = ("/auth/", CALLBACK_PATH)
#: The health check of whoever monitors the server, which says only whether it is up.
HEALTH_PATH, _OWN_HEALTH = "/healthz", "/_stcore/health"
#: An address that a person may open; it can never begin with another host.
_PAGE = re.compile(r"/|(?:/(?!_stcore/|static/)[\w-]+)+", re.ASCII)
#: A query whose characters are all safe to repeat.
_QUERY = re.compile(rb"[\w.~%&=+/:,;@!$'()*-]{1,8192}", re.ASCII)
#: Streamlit's cookies of the identity, and of who went to the provider.  Streamlit would have a
#: browser keep them for weeks.
_IDENTITY_COOKIES = (b"_streamlit_user", b"_streamlit_session")


@dataclass(eq=False, repr=False)
class Guard:
    """An ASGI app that guards another.

    `has_provider` says whether people sign in with a service of the school's.  `may_upload` says
    whether the person of a browser's session may bring files in.  `policy` has the directives of
    the Content-Security-Policy.  `closed_paths` are starts of paths that are not served, besides
    those that are closed everywhere.
    """

    app: ASGIApp
    site: Site
    entry: BrowserSessions
    has_provider: bool = False
    may_upload: Callable[[str], bool] = lambda _: False
    policy: Mapping[str, str] = field(default_factory=lambda: _POLICY)
    closed_paths: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self._own_clients: OrderedDict[int, object] = OrderedDict()
        text = "; ".join(f"{name} {value}" for name, value in self.policy.items())
        self._headers = {"Content-Security-Policy": text, **HEADERS}
        if self.site.is_shared:
            self._headers |= SHARED_HEADERS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on to the app."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        marked = _add_headers(scope, send, self._headers, is_secure=self.site.is_shared)
        if self.site.is_shared:
            scope, answer = self._admit(scope)
        else:
            answer = self._answer(scope)
        if answer is not None:
            await answer(scope, receive, marked)
            return
        is_unreached = False

        async def watched(message: Message) -> None:
            nonlocal is_unreached
            is_unreached |= (
                scope["path"] == LOGIN_PATH and message.get("status", 0) >= _FIRST_ERROR_STATUS
            )
            if not is_unreached:  # else Streamlit's answer of two words would show
                await marked(message)

        await self.app(scope, receive, watched)
        if is_unreached:
            await build_answer("provider_down")(scope, receive, marked)

    def _admit(self, scope: Scope) -> tuple[Scope, Response | None]:
        """Answer as `_answer` does, but on the network, for the client whom the proxy names."""
        client = self.site.find_client(scope)
        if scope["path"] == HEALTH_PATH and scope.get("method") in ("GET", "HEAD"):
            is_ours = self._find_origin(Headers(scope=scope)) is not None
            return {**scope, "path": _OWN_HEALTH}, None if is_ours else build_answer("wrong_host")
        if client is None:
            return scope, build_answer("not_by_proxy")
        CLIENT.set(client)
        scope = {**scope, "client": (client, 0)}
        return scope, self._answer(scope)

    def _find_origin(self, headers: Headers) -> str | None:
        """Return our origin at the host of the request, or None if the host is not ours."""
        hosts = headers.getlist("host")
        return self.site.hosts.get(hosts[0].lower()) if len(hosts) == 1 else None

    def _answer(self, scope: Scope) -> Response | None:
        """Return the answer that needs no app, or None if the app may see the request."""
        headers, path, port = Headers(scope=scope), scope["path"], self.site.own_port
        if port is not None and not self._is_own_connection(scope.get("client"), port):
            return build_answer("other_os_user")
        origin = self._find_origin(headers)
        if origin is None:
            return build_answer("wrong_host")
        if not _is_from_here(scope, headers, origin):
            return build_answer("foreign")
        session = HTTPConnection(scope).cookies.get(self.site.cookie, "")
        is_known = self.entry.has_session(session)
        if path.startswith(START_PATH) and scope.get("method") == "GET" and port is not None:
            return self._redeem_link(path.removeprefix(START_PATH), is_known=is_known)
        if is_known:
            is_renewal = path.startswith(RENEWAL_PATH) and scope.get("method") == "GET"
            return (
                self._renew(path.removeprefix(RENEWAL_PATH), session)
                if is_renewal
                else self._answer_known_browser(path, headers)
                or self._answer_upload(scope, session)
            )
        return self._answer_unknown_browser(scope, headers)

    def _is_own_connection(self, client: tuple[str, int] | None, port: int) -> bool:
        """Return whether the connection is not another user's, checked once for each connection.

        The kernel's table of connections takes long to read, and a page asks for hundreds of
        files.  uvicorn passes the same client object for as long as a connection lives.  We hold
        the object, so its id cannot be reused, and every other connection is checked anew,
        whatever its port.
        """
        if client is not None and self._own_clients.get(id(client)) is client:
            return True
        if is_other_os_user(client, port):
            return False
        if client is not None:
            self._own_clients[id(client)] = client
            if len(self._own_clients) > _MOST_CONNECTIONS:
                self._own_clients.popitem(last=False)
        return True

    def _answer_known_browser(self, path: str, headers: Headers) -> Response | None:
        is_sign_in = path.startswith(_SIGN_IN_ROOTS)
        is_ours = self.has_provider and path in SIGN_IN_PATHS
        if path.startswith(self.closed_paths) or _is_closed(path) or (is_sign_in and not is_ours):
            return build_answer("nothing_here")
        is_opened = headers.get("sec-fetch-dest") == "document" and not path.startswith(_OWN_WAYS)
        if is_opened and path[1:] not in ("", *words.PAGES, *QUESTIONS) and not is_sign_in:
            return build_answer("no_such_page")
        # Streamlit takes a GET here, so only a page of ours may send one
        if path == LOGOUT_PATH and headers.get("sec-fetch-site") != "same-origin":
            return build_answer("foreign")
        length = headers.get("content-length", "0")
        # without a length, a body could be of any size
        has_length = length.isdecimal() and "transfer-encoding" not in headers
        is_small = has_length and int(length) <= MAX_BODY_BYTES
        return None if is_small else build_answer("too_large")

    def _answer_upload(self, scope: Scope, session: str) -> Response | None:
        """Return a refusal of an upload, or None if the request may go on."""
        is_refused = scope["path"].startswith(_UPLOAD) and not self.may_upload(session)
        return build_answer("no_sign_in") if is_refused else None

    def _answer_unknown_browser(self, scope: Scope, headers: Headers) -> Response:
        """Give a browser that opens a page on the network a session in which nobody is signed in.

        A browser that comes from another site sends no strict cookie, though it may have one.  So
        our own page asks for the address once more, and no link can sign anybody out.
        """
        retry = _retry_callback(scope, headers) if self.has_provider else None
        if retry is not None or not self.site.is_shared:
            return retry or build_answer("no_session")
        path, query = scope["path"], scope["query_string"]
        is_page = (
            scope.get("method") == "GET"
            and _PAGE.fullmatch(path)
            and headers.get("sec-fetch-mode", "navigate") == "navigate"
            and headers.get("sec-fetch-dest", "document") == "document"
        )
        if not is_page:
            return build_answer("no_sign_in")
        address = f"{path}?{query.decode('ascii')}" if _QUERY.fullmatch(query) else path
        if headers.get("sec-fetch-site") == "cross-site":
            return _ask_again(address)
        answer = RedirectResponse(address, status_code=303)
        self._set_cookie(answer, self.entry.issue_session())
        return answer

    def _redeem_link(self, token: str, *, is_known: bool) -> Response:
        """Redirect from the start link to the first page, so that the link leaves the address."""
        session = self.entry.redeem_link(token)
        if session is None and not is_known:
            return build_answer("old_link")
        answer = RedirectResponse("/", status_code=303)
        if session is not None:
            self._set_cookie(answer, session)
        return answer

    def _renew(self, word: str, former: str) -> Response:
        """Replace the cookie of a browser in which somebody has signed in."""
        session = self.entry.redeem_renewal(word, former)
        if session is None:
            return build_answer("nothing_here")
        sessions.ACTIVE_SIGN_INS.sign_out(former)
        answer = Response(status_code=204)
        self._set_cookie(answer, session)
        return answer

    def _set_cookie(self, answer: Response, value: str) -> None:
        # without an age it ends with the browser; over http on loopback it cannot be Secure
        answer.set_cookie(
            self.site.cookie, value, secure=self.site.is_shared, httponly=True, samesite="strict"
        )


@cache
def build_answer(name: str) -> HTMLResponse:
    """Build a plain page with our own words, which needs no script and has no text from data."""
    texts = words.TEXTS["answers"][name]
    title, body = texts["title"], "".join(f"<p>{line}</p>" for line in texts["lines"])
    return HTMLResponse(
        f'<!doctype html><html lang="en"><head><title>{title} - {words.APP}</title>'
        '<meta name="viewport" content="width=device-width"></head>'
        f"<body><main><h1>{title}</h1>{body}</main></body></html>",
        texts["status"],
    )


def _is_from_here(scope: Scope, headers: Headers, site_origin: str) -> bool:
    """Return whether the request comes from our own page, or a person opens an address.

    Another server on this computer counts as the same site for cookies, but has another origin.
    """
    origin = headers.get("origin")
    if origin is not None and origin.lower() != site_origin:
        return False
    if scope["type"] == "websocket":
        return origin is not None  # every browser sends it
    is_page = headers.get("sec-fetch-mode") == "navigate" and scope["method"] == "GET"
    return is_page or headers.get("sec-fetch-site") in (None, "same-origin", "none")


def _retry_callback(scope: Scope, headers: Headers) -> Response | None:
    """Have our own page repeat the way back from the provider; return None for anything else.

    A browser that comes from another site sends no strict cookie, so at first it is unknown.  Our
    page repeats the request from here: then the cookie is there, or there never was one.
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
    return _ask_again(f"{CALLBACK_PATH}?{query.decode('ascii')}")


def _ask_again(address: str) -> Response:
    """Build a page without a script that asks for one of our addresses, from our own site."""
    address = escape(address)
    return HTMLResponse(
        f'<!doctype html><html lang="en"><head><title>Signing in - {words.APP}</title>'
        f'<meta http-equiv="refresh" content="0;url={address}"></head>'
        f'<body><main><p><a href="{address}">Go on</a></p></main></body></html>'
    )


def _is_closed(path: str) -> bool:
    if path.startswith(_CORE):
        return not path.removeprefix(_CORE).startswith(_CORE_OPEN_PATHS)
    return path.startswith(_CLOSED_PATHS)


def _add_headers(scope: Scope, send: Send, ours: Mapping[str, str], *, is_secure: bool) -> Send:
    """Return a `send` that sets our headers on every answer, in place of any that are there.

    `is_secure` says whether every cookie is for TLS only.
    """

    async def marked(message: Message) -> None:
        if message["type"].endswith("http.response.start"):
            given = message.get("headers", ())
            message = {
                **message,
                "headers": [_limit_cookie(*header, is_secure=is_secure) for header in given],
            }
            headers = MutableHeaders(scope=message)
            if scope["path"] == HEALTH_PATH:
                del headers["set-cookie"]  # a health check needs no session
            is_asset = scope["path"].startswith(_ASSETS) and message["status"] in (200, 304)
            for name, value in ours.items():
                if not (name == "Cache-Control" and is_asset):
                    headers[name] = value
        await send(message)

    return marked


def _limit_cookie(name: bytes, value: bytes, *, is_secure: bool) -> tuple[bytes, bytes]:
    """Limit a cookie: an identity's goes when the browser closes, and to no other site."""
    if name.lower() != b"set-cookie":
        return name, value
    if is_secure and b"; secure" not in value.lower():
        value += b"; Secure"
    is_identity = value.startswith(_IDENTITY_COOKIES)
    parts = value.split(b"; ")
    ages = [part for part in parts if part.lower().startswith(b"max-age=")]
    if not is_identity or not ages or int(ages[0][8:]) <= 0:  # not one of these, or deleted
        return name, value
    dropped = (b"max-age=", b"samesite=")
    parts = [part for part in parts if not part.lower().startswith(dropped)]
    return name, b"; ".join([*parts, b"SameSite=strict"])
