"""The edge of the server: each request is questioned here first, each answer is marked here.

What has the wrong host, comes from another site, has no session, asks for what nobody
needs or is too large goes no further.  Streamlit sets none of these headers by itself, and
gives its files to whoever knows an address.
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
#: Where a page of ours fetches the new cookie of whoever has signed in on it.
RENEWAL_PATH = "/renew/"
#: Streamlit's own ways out to the school's provider and back from it.
LOGIN_PATH, LOGOUT_PATH, CALLBACK_PATH = "/auth/login", "/auth/logout", "/oauth2callback"
SIGN_IN_PATHS = (LOGIN_PATH, LOGOUT_PATH, CALLBACK_PATH)
_FIRST_ERROR_STATUS = 400
#: Of which it is remembered that they are the owner's: a browser keeps some six.
_MOST_CONNECTIONS = 64
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
#: A browser that has been here once never asks in plain again.
SHARED_HEADERS: Mapping[str, str] = {"Strict-Transport-Security": "max-age=31536000"}
#: Streamlit's own scripts and styles: the same for everybody, and named by what they hold.
_ASSETS = "/static/"
#: All that a page asks of Streamlit's inside; the rest tells of the server, or is a second
#: way to the pages.
_CORE = "/_stcore/"
_UPLOAD = f"{_CORE}upload_file/"
_CORE_OPEN_PATHS = (
    *("health", "host-config", "stream", "upload_file/"),
    "bidi-components/lac-monitor.focus/focus.js",  # the two scripts of ours
    "bidi-components/lac-monitor.list/list.js",
)
#: Pages hold no picture, sound, frame or file that Streamlit would serve by its address.
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
#: What a browser opens that is no page of ours: what Streamlit serves, and files to take.
_OWN_WAYS = (_CORE, _ASSETS, "/download/")
#: Where there is no provider, nothing is at these; where there is one, only what is in SIGN_IN.
_SIGN_IN_ROOTS = ("/auth/", CALLBACK_PATH)
#: For whoever watches the server: whether it is up, and no more.
HEALTH_PATH, _OWN_HEALTH = "/healthz", "/_stcore/health"
#: An address that a person may open: never one that begins with another host.
_PAGE = re.compile(r"/|(?:/(?!_stcore/|static/)[\w-]+)+", re.ASCII)
#: What stands in a query that needs no second look.
_QUERY = re.compile(rb"[\w.~%&=+/:,;@!$'()*-]{1,8192}", re.ASCII)
#: Streamlit's cookies of who somebody is, and of who went to the provider, which it would
#: have a browser keep for weeks.
_IDENTITY_COOKIES = (b"_streamlit_user", b"_streamlit_session")


@dataclass(eq=False, repr=False)
class Guard:
    """An ASGI app around the one that it guards.

    has_provider: whether people sign in with a service of the school's.  may_upload: whether the
    person of a browser's session may bring files in.  policy: what a page may bring in, by the
    directives of a Content-Security-Policy.  closed_paths: how addresses begin at which there is
    nothing, beside those that are closed everywhere.
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
        """Answer a request, or hand it on."""
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
            if not is_unreached:  # else Streamlit's two words would stand for it
                await marked(message)

        await self.app(scope, receive, watched)
        if is_unreached:
            await build_answer("provider_down")(scope, receive, marked)

    def _admit(self, scope: Scope) -> tuple[Scope, Response | None]:
        """As `_answer`, on the network: the request as its own client's, whoever handed it on."""
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
        """What a page of ours is from, at the host that is asked; None for another's host."""
        hosts = headers.getlist("host")
        return self.site.hosts.get(hosts[0].lower()) if len(hosts) == 1 else None

    def _answer(self, scope: Scope) -> Response | None:
        """What is answered without the app; None if the app may see the request."""
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
        """Whether no other user of this computer asks: found out once for each connection.

        The kernel's table of connections takes long to read, and a page asks for hundreds of
        files.  uvicorn says who asks by one object for as long as a connection lives.  It is held
        here, so that no other one can be taken for it, and another connection is asked anew,
        from whatever port it comes.
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
        # a body that does not say how long it is could be any length
        is_told = length.isdecimal() and "transfer-encoding" not in headers
        is_small = is_told and int(length) <= MAX_BODY_BYTES
        return None if is_small else build_answer("too_large")

    def _answer_upload(self, scope: Scope, session: str) -> Response | None:
        """None for anything but a file, and for one from who may bring it."""
        is_refused = scope["path"].startswith(_UPLOAD) and not self.may_upload(session)
        return build_answer("no_sign_in") if is_refused else None

    def _answer_unknown_browser(self, scope: Scope, headers: Headers) -> Response:
        """On the network, a session in which nobody is signed in, for who opens a page.

        Who comes from another site brings no strict cookie, and may have one: that is asked
        for once more by our own page, so that no link signs anybody out.
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
        """The way from the start link to the first page; the address keeps no word of it."""
        session = self.entry.redeem_link(token)
        if session is None and not is_known:
            return build_answer("old_link")
        answer = RedirectResponse("/", status_code=303)
        if session is not None:
            self._set_cookie(answer, session)
        return answer

    def _renew(self, word: str, former: str) -> Response:
        """Another cookie for a browser in which somebody has signed in; the one before is void."""
        session = self.entry.redeem_renewal(word, former)
        if session is None:
            return build_answer("nothing_here")
        sessions.ACTIVE_SIGN_INS.sign_out(former)
        answer = Response(status_code=204)
        self._set_cookie(answer, session)
        return answer

    def _set_cookie(self, answer: Response, value: str) -> None:
        # no age: it goes when the browser closes; not Secure where this is http on loopback
        answer.set_cookie(
            self.site.cookie, value, secure=self.site.is_shared, httponly=True, samesite="strict"
        )


@cache
def build_answer(name: str) -> HTMLResponse:
    """A plain page of our own words, which needs no script; never with text from data."""
    said = words.TEXTS["answers"][name]
    title, body = said["title"], "".join(f"<p>{line}</p>" for line in said["lines"])
    return HTMLResponse(
        f'<!doctype html><html lang="en"><head><title>{title} - {words.APP}</title>'
        '<meta name="viewport" content="width=device-width"></head>'
        f"<body><main><h1>{title}</h1>{body}</main></body></html>",
        said["status"],
    )


def _is_from_here(scope: Scope, headers: Headers, own: str) -> bool:
    """Whether our own page asks, or a person who opens an address.

    Another server on this computer counts as the same site for cookies, not as our origin.
    """
    origin = headers.get("origin")
    if origin is not None and origin.lower() != own:
        return False
    if scope["type"] == "websocket":
        return origin is not None  # each browser sends it
    is_page = headers.get("sec-fetch-mode") == "navigate" and scope["method"] == "GET"
    return is_page or headers.get("sec-fetch-site") in (None, "same-origin", "none")


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
    return _ask_again(f"{CALLBACK_PATH}?{query.decode('ascii')}")


def _ask_again(address: str) -> Response:
    """A page that asks for an address of ours, as our own page and by no script."""
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
    """`send`, with our headers on every answer in place of any that are there.

    is_secure: whether every cookie is for TLS only.
    """

    async def marked(message: Message) -> None:
        if message["type"].endswith("http.response.start"):
            given = message.get("headers", ())
            message = {
                **message,
                "headers": [_limit_cookie(*each, is_secure=is_secure) for each in given],
            }
            headers = MutableHeaders(scope=message)
            if scope["path"] == HEALTH_PATH:
                del headers["set-cookie"]  # who watches the server is nobody
            is_asset = scope["path"].startswith(_ASSETS) and message["status"] in (200, 304)
            for name, value in ours.items():
                if not (name == "Cache-Control" and is_asset):
                    headers[name] = value
        await send(message)

    return marked


def _limit_cookie(name: bytes, value: bytes, *, is_secure: bool) -> tuple[bytes, bytes]:
    """A header; who somebody is goes when the browser closes, and to no other site's asking."""
    if name.lower() != b"set-cookie":
        return name, value
    if is_secure and b"; secure" not in value.lower():
        value += b"; Secure"
    is_identity = value.startswith(_IDENTITY_COOKIES)
    parts = value.split(b"; ")
    ages = [part for part in parts if part.lower().startswith(b"max-age=")]
    if not is_identity or not ages or int(ages[0][8:]) <= 0:  # it is none, or taken back
        return name, value
    dropped = (b"max-age=", b"samesite=")
    parts = [part for part in parts if not part.lower().startswith(dropped)]
    return name, b"; ".join([*parts, b"SameSite=strict"])
