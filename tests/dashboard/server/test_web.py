"""The edge of the server: who is answered by it, and what every answer carries."""

import asyncio
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from dashboard.server import guard as web
from dashboard.server.settings import open_listener
from dashboard.server.site import build_own_site
from dashboard.server.start_link import BrowserSessions
from safeguards.errors import ServeError

_PORT = 8501
_HOST = f"127.0.0.1:{_PORT}"
_COOKIE = build_own_site(_PORT).cookie
_MEGABYTE = 1024 * 1024


@dataclass
class Answer:
    """What came back: a status (0 for a socket that was accepted), headers, body."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


class Inside:
    """The app behind the guard: it reads the body, answers and counts its visitors."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.cookies: list[str] = []
        self.status = 200

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.seen.append(scope["path"])
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept"})
            return
        while (await receive()).get("more_body"):
            pass
        headers = [(b"cache-control", b"public, max-age=31536000"), (b"x-frame-options", b"any")]
        headers += [(b"set-cookie", cookie.encode()) for cookie in self.cookies]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": b"inside"})


@pytest.fixture
def inside() -> Inside:
    return Inside()


@pytest.fixture
def entry() -> BrowserSessions:
    return BrowserSessions()


@pytest.fixture
def has_provider() -> bool:
    """Whether people sign in with a service of the school's; a test of that says so."""
    return False


@pytest.fixture
def ask(
    inside: Inside, entry: BrowserSessions, has_provider: bool, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Answer]:
    """Asks the guard; `session` None leaves the cookie out."""
    monkeypatch.setattr(web, "is_other_os_user", lambda *_: False)
    guard = web.Guard(
        inside,
        build_own_site(_PORT),
        entry,
        has_provider=has_provider,
        may_upload=lambda session: session == own,
    )
    own = entry.create_session()

    def sent(
        path: str = "/",
        headers: dict[str, str] | None = None,
        *,
        kind: str = "http",
        method: str = "GET",
        session: str | None = own,
        query: bytes = b"",
    ) -> Answer:
        given = {"host": _HOST, **(headers or {})}
        if session is not None:
            given.setdefault("cookie", f"{_COOKIE}={session}")
        scope = {
            "type": kind,
            "path": path,
            "query_string": query,
            "headers": [(k.encode(), v.encode()) for k, v in given.items() if v != "-"],
            "extensions": {"websocket.http.response": {}},
        }
        if kind == "http":
            scope["method"] = method
        answer = Answer(0)

        async def receive() -> dict[str, Any]:
            if kind == "websocket":
                return {"type": "websocket.connect"}
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: MutableMapping[str, Any]) -> None:
            if message["type"].endswith("http.response.start"):
                answer.status = message["status"]
                answer.headers = {k.decode(): v.decode() for k, v in message["headers"]}
            elif message["type"].endswith("http.response.body"):
                answer.body += message["body"]

        asyncio.run(guard(scope, receive, send))
        return answer

    return sent


# Headers


def test_every_answer_is_marked(ask: Callable[..., Answer]) -> None:
    """Ours in place of the app's own, on what it answers and on what never reached it."""
    for answer in (ask(), ask(session=None), ask(headers={"host": "evil.test"}), ask("/metrics")):
        held = {name.lower(): value for name, value in web.HEADERS.items()}
        assert held.items() <= answer.headers.items()
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-frame-options"] == "DENY"


def test_the_policy_lets_nothing_from_elsewhere_in() -> None:
    """No frame, no form, no base, no source but this server."""
    policy = web._POLICY
    assert policy["default-src"] == policy["connect-src"] == "'self'"
    assert policy["script-src"] == "'self' 'unsafe-eval'"
    closed = ("frame-src", "object-src", "base-uri", "form-action", "frame-ancestors")
    assert {policy[name] for name in closed} == {"'none'"}
    assert not [value for value in policy.values() if "http" in value or "*" in value]


def test_only_streamlits_own_files_are_kept_by_a_browser(ask: Callable[..., Answer]) -> None:
    """They are the same for everybody; whatever is about children is asked for anew."""
    assert "max-age" in ask("/static/js/index.js").headers["cache-control"]
    assert ask("/children").headers["cache-control"] == "no-store"
    assert ask("/static/js/index.js", session=None).headers["cache-control"] == "no-store"


# Hosts and origins


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8501", 200),
        ("localhost:8501", 200),
        ("LOCALHOST:8501", 200),
        ("127.0.0.1", 421),
        ("127.0.0.1:8502", 421),
        ("evil.test:8501", 421),
        ("127.0.0.1:8501.evil.test", 421),
        ("127.0.0.1:8501@evil.test", 421),
        ("[::1]:8501", 421),
        ("0.0.0.0:8501", 421),
        ("", 421),
        ("-", 421),
    ],
)
def test_only_our_own_host_is_served(
    ask: Callable[..., Answer], inside: Inside, host: str, status: int
) -> None:
    """A name that somebody points at this computer is another host; "-" is none at all."""
    assert ask(headers={"host": host}).status == status
    assert ask(headers={"host": host}, kind="websocket", session=None).status in (421, 403)
    assert bool(inside.seen) == (status == 200)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": f"http://{_HOST}"}, 200),
        ({"origin": "http://localhost:8501"}, 403),
        ({"origin": "https://127.0.0.1:8501"}, 403),
        ({"origin": "http://127.0.0.1:9999"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "same-origin", "sec-fetch-mode": "cors"}, 200),
        ({"sec-fetch-site": "same-site", "sec-fetch-mode": "no-cors"}, 403),
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}, 403),
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}, 200),
    ],
)
def test_another_site_may_link_here_but_not_ask(
    ask: Callable[..., Answer], headers: dict[str, str], status: int
) -> None:
    """Another server on this computer is another site, though it is given our cookie."""
    assert ask(headers=headers).status == status


@pytest.mark.parametrize(
    ("origin", "status"),
    [(f"http://{_HOST}", 0), ("-", 403), ("null", 403), ("http://127.0.0.1:9999", 403)],
)
def test_a_socket_says_where_it_comes_from(
    ask: Callable[..., Answer], origin: str, status: int
) -> None:
    """Every browser does; what does not is no browser."""
    answer = ask("/_stcore/stream", {"origin": origin}, kind="websocket")
    assert answer.status == status


# The session


def test_nothing_is_served_without_a_session(
    ask: Callable[..., Answer], inside: Inside, entry: BrowserSessions
) -> None:
    """Neither a page, nor a file, nor a socket; and a refusal says what to do."""
    for path in ("/", "/children", "/static/js/index.js", "/_stcore/health", "/download/x"):
        for session in (None, "", "guessed", BrowserSessions().create_session()):
            answer = ask(path, session=session)
            assert answer.status == 403
            assert b"Open the link that lac printed in the terminal." in answer.body
    origin = {"origin": f"http://{_HOST}"}
    assert ask("/_stcore/stream", origin, kind="websocket", session=None).status == 403
    assert inside.seen == []
    assert (
        ask("/_stcore/stream", origin, kind="websocket", session=entry.create_session()).status == 0
    )


def test_the_link_brings_a_session_and_leaves_the_address(
    ask: Callable[..., Answer], inside: Inside, entry: BrowserSessions
) -> None:
    """The cookie is for this server's eyes only, and the page's address does not mention it."""
    word = entry.generate_link()
    answer = ask(web.START_PATH + word, session=None)
    assert (answer.status, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{_COOKIE}=")
    assert cookie.endswith("; HttpOnly; Path=/; SameSite=strict")
    assert word not in str(answer)
    session = cookie.split(";")[0].split("=")[1]
    assert ask(session=session).status == 200
    assert inside.seen == ["/"]


def test_the_link_works_once(ask: Callable[..., Answer], entry: BrowserSessions) -> None:
    """A stranger who finds it later gets a page that says so; its owner gets the dashboard."""
    word = entry.generate_link()
    assert ask(web.START_PATH + word, session=None, method="POST").status == 403
    assert ask(web.START_PATH + word, session=None).status == 303
    again = ask(web.START_PATH + word, session=None)
    assert again.status == 403
    assert b"It has been used, or is too old." in again.body
    assert "set-cookie" not in again.headers
    owner = ask(web.START_PATH + word)
    assert (owner.status, owner.headers.get("set-cookie")) == (303, None)


def test_a_word_brings_a_new_cookie_once_and_ends_the_one_before(
    ask: Callable[..., Answer], entry: BrowserSessions, inside: Inside
) -> None:
    """Only a browser that is here already, and from a page of ours; nobody by the word alone."""
    before = entry.create_session()
    word, session = entry.prepare_renewal(before)
    path = f"{web.RENEWAL_PATH}{word}"
    assert not entry.has_session(session)
    for headers, known, status in (
        ({}, None, 403),
        ({}, "guessed", 403),
        ({"sec-fetch-site": "same-site"}, before, 403),
        ({"sec-fetch-site": "cross-site"}, before, 403),
        ({"host": "evil.test"}, before, 421),
        ({"sec-fetch-site": "none"}, entry.create_session(), 404),  # of another browser
    ):
        assert ask(path, headers, session=known).status == status
    assert ask(path, session=before, method="POST").status == 404
    assert ask(f"{path}A", session=before).status == 404
    assert ask(session=before).status == 200
    answer = ask(path, {"sec-fetch-site": "same-origin"}, session=before)
    assert answer.status == 204
    assert answer.headers["set-cookie"] == (
        f"{_COOKIE}={session}; HttpOnly; Path=/; SameSite=strict"
    )
    # the answer may be lost on its way: the one before ends when the new one is brought
    statuses = [ask(session=each).status for each in (before, session, before)]
    assert statuses == [200, 200, 403]
    assert ask(path, session=session).status == 404
    assert inside.seen == ["/", "/", "/"]


def test_another_user_of_the_computer_cannot_use_up_the_link(
    ask: Callable[..., Answer], entry: BrowserSessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who read it among the arguments of the browser that was started is refused."""
    word = entry.generate_link()
    with monkeypatch.context() as patched:
        patched.setattr(
            web, "is_other_os_user", lambda client, port: (client, port) == (None, _PORT)
        )
        assert ask(web.START_PATH + word, session=None).status == 403
        assert ask("/").status == 403  # nor use the cookie, were it stolen
    assert ask(web.START_PATH + word, session=None).status == 303


def test_whose_a_connection_is_is_found_out_once_and_never_for_another(
    inside: Inside, entry: BrowserSessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One object is one connection: another from the same port is asked anew, if after the first.

    Who is refused is asked again each time.
    """
    guard = web.Guard(inside, build_own_site(_PORT), entry)
    asked, strangers = [], {50_001}

    def look(client: tuple[str, int], _: int) -> bool:
        asked.append(client[1])
        return client[1] in strangers

    def connect(port: int) -> tuple[str, int]:
        return "127.0.0.1", port

    monkeypatch.setattr(web, "is_other_os_user", look)
    ours, same_port, other = connect(50_000), connect(50_000), connect(50_001)
    assert [guard._is_own_connection(ours, _PORT) for _ in range(3)] == [True] * 3
    assert asked == [50_000]
    strangers.add(50_000)
    assert not guard._is_own_connection(same_port, _PORT)
    assert [guard._is_own_connection(other, _PORT) for _ in range(2)] == [False] * 2
    assert asked == [50_000, 50_000, 50_001, 50_001]
    strangers.clear()
    others = [connect(port) for port in range(60_000, 60_100)]
    assert all(guard._is_own_connection(each, _PORT) for each in others)
    assert guard._is_own_connection(ours, _PORT)
    assert asked.count(50_000) == 3  # long ago, and so forgotten


def test_a_foreign_page_cannot_use_up_the_link(
    ask: Callable[..., Answer], entry: BrowserSessions
) -> None:
    """It is refused before the link is looked at."""
    word = entry.generate_link()
    foreign = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}
    assert ask(web.START_PATH + word, foreign, session=None).status == 403
    assert ask(web.START_PATH + word, session=None).status == 303


# What nobody needs, and what is too large


@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/metrics",
        "/_stcore/agent/openapi.json",
        "/_stcore/agent/interact",
        "/_stcore/agent/mcp",
        "/_stcore/script-health-check",
        "/_stcore/bidi-components/x/y.js",
        "/_stcore/bidi-components/lac-monitor.list/other.js",
        "/_stcore/",
        "/media/0123.csv",
        "/component/a.b/index.html",
        "/app/static/x.csv",
        "/healthz",
        "/metrics",
    ],
)
def test_what_nobody_needs_is_not_there(
    ask: Callable[..., Answer], inside: Inside, path: str
) -> None:
    """Not even for those who came in by the link."""
    assert ask(path).status == 404
    assert inside.seen == []


@pytest.mark.parametrize(
    ("path", "status"),
    [("/nosuchpage", 404), ("/a/b/c", 404), ("/", 200), ("/child", 200), ("/opened", 200)],
)
def test_an_address_without_a_page_is_said(
    ask: Callable[..., Answer], path: str, status: int
) -> None:
    """In our own words, where a person opens it; Streamlit would show another page, or none."""
    answer = ask(path, headers={"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"})
    assert answer.status == status
    assert (b"This page does not exist" in answer.body) == (status == 404)


@pytest.mark.parametrize(
    "path",
    [
        *("/_stcore/health", "/_stcore/host-config", "/plans"),
        "/_stcore/bidi-components/lac-monitor.list/list.js",
    ],
)
def test_what_a_page_needs_is_there(ask: Callable[..., Answer], path: str) -> None:
    """The browser asks for these before it draws."""
    assert ask(path).status == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"content-length": str(51 * _MEGABYTE)}, 200),
        ({"content-length": str(51 * _MEGABYTE + 1)}, 413),
        ({"content-length": "-1"}, 413),
        ({"content-length": "many"}, 413),
        ({"transfer-encoding": "chunked"}, 413),
        ({"transfer-encoding": "chunked", "content-length": "10"}, 413),
        ({}, 200),  # none at all
    ],
)
def test_a_body_ends_at_51_mb(
    ask: Callable[..., Answer], headers: dict[str, str], status: int
) -> None:
    """It says how long it is, to which the server holds it, or it is not taken."""
    assert ask("/_stcore/upload_file/a/b", headers, method="PUT").status == status


def test_a_file_is_taken_from_who_may_bring_it(
    ask: Callable[..., Answer], entry: BrowserSessions, inside: Inside
) -> None:
    path, headers = "/_stcore/upload_file/a/b", {"content-length": str(50 * _MEGABYTE)}
    for method in ("PUT", "POST", "DELETE", "GET", "OPTIONS"):
        other = ask(path, headers, method=method, session=entry.create_session())
        assert other.status == 403
    anybody, here = entry.create_session(), {"origin": f"http://{_HOST}"}
    assert ask(path, here, kind="websocket", session=anybody).status == 403
    assert inside.seen == []
    assert ask(path, headers, method="PUT").status == 200


# Signing in with a provider

_BACK = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
_OWN_PAGE = {"sec-fetch-site": "same-origin", "sec-fetch-mode": "navigate"}
_CODE = b"code=M.C5_BL2.2.U.x-1!&state=Ab9&session_state=0-1"
with_provider = pytest.mark.parametrize("has_provider", [True])


@pytest.mark.parametrize("path", [*web.SIGN_IN_PATHS, "/auth/", "/oauth2callback/", "/auth/other"])
def test_without_a_provider_there_is_no_way_to_one(
    ask: Callable[..., Answer], inside: Inside, path: str
) -> None:
    """Nor is anything asked again for somebody who comes from another site."""
    assert ask(path).status == 404
    assert ask(path, _BACK, session=None, query=_CODE).status == 403
    assert inside.seen == []


@with_provider
def test_with_a_provider_its_three_ways_are_open(
    ask: Callable[..., Answer], inside: Inside
) -> None:
    """To whoever came by the link, and exactly these."""
    for path in web.SIGN_IN_PATHS:
        assert ask(path, _OWN_PAGE, query=_CODE).status == 200
        assert ask(path, _OWN_PAGE, query=_CODE, session=None).status == 403
    for path in ("/auth/", "/auth/other", "/auth/login/", "/oauth2callback/", "/oauth2callback2"):
        assert ask(path).status == 404
    assert inside.seen == [*web.SIGN_IN_PATHS]


@with_provider
def test_who_comes_back_from_the_provider_is_asked_to_come_once_more(
    ask: Callable[..., Answer], inside: Inside
) -> None:
    """From our own page, with the strict cookie: by an address and no script.

    Who has the cookie already, as where the provider is of the same site, goes straight in.
    """
    answer = ask(web.CALLBACK_PATH, _BACK, session=None, query=_CODE)
    assert answer.status == 200
    again = b'content="0;url=/oauth2callback?' + _CODE.replace(b"&", b"&amp;") + b'"'
    assert b'<meta http-equiv="refresh" ' + again in answer.body
    assert b"<script" not in answer.body
    assert "set-cookie" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"
    assert inside.seen == []
    ours = {**_BACK, "sec-fetch-site": "same-origin"}
    for headers in (ours, _BACK):
        assert ask(web.CALLBACK_PATH, headers, query=_CODE).body == b"inside"
    assert inside.seen == [web.CALLBACK_PATH] * 2


@with_provider
@pytest.mark.parametrize(
    ("headers", "options"),
    [
        ({"sec-fetch-site": "same-origin"}, {}),
        ({"sec-fetch-site": "same-site"}, {}),
        ({"sec-fetch-site": "none"}, {}),
        ({"sec-fetch-site": "-"}, {}),
        ({"sec-fetch-mode": "-"}, {}),
        ({"sec-fetch-mode": "cors"}, {}),
        ({"sec-fetch-dest": "iframe"}, {}),
        ({"sec-fetch-dest": "-"}, {}),
        ({"origin": "https://login.microsoftonline.com"}, {}),
        ({"origin": "null"}, {}),
        ({}, {"method": "POST"}),
        ({}, {"method": "HEAD"}),
        ({}, {"path": "/auth/login"}),
        ({}, {"path": "/oauth2callback/"}),
        ({}, {"path": "/"}),
        ({}, {"query": b'code="><script>alert(1)</script>'}),
        ({}, {"query": b"code=a b"}),
        ({}, {"query": b"code=\xff"}),
        ({}, {"query": b"code=" + b"x" * 9000}),
    ],
)
def test_nothing_else_is_asked_once_more(
    ask: Callable[..., Answer], inside: Inside, headers: dict[str, str], options: dict[str, Any]
) -> None:
    """So it never goes round: what our own page asks is not asked again."""
    given = {"path": web.CALLBACK_PATH, "query": _CODE, **options}
    answer = ask(given.pop("path"), {**_BACK, **headers}, session=None, **given)
    assert answer.status == 403
    assert b"refresh" not in answer.body
    assert inside.seen == []


@with_provider
def test_another_host_is_asked_for_nothing(ask: Callable[..., Answer]) -> None:
    """A name that somebody points at this computer gets no page that reads the code on."""
    answer = ask(web.CALLBACK_PATH, {**_BACK, "host": "evil.test:8501"}, session=None, query=_CODE)
    assert answer.status == 421


@with_provider
@pytest.mark.parametrize(
    ("cookie", "kept"),
    [
        (
            "_streamlit_user=a|b; HttpOnly; Max-Age=2592000; Path=/; SameSite=lax",
            "_streamlit_user=a|b; HttpOnly; Path=/; SameSite=strict",
        ),
        (
            "_streamlit_session=a; path=/; Max-Age=1209600; httponly; samesite=lax",
            "_streamlit_session=a; path=/; httponly; SameSite=strict",
        ),
        (
            "_streamlit_user_tokens_1=a; Max-Age=5; Path=/",
            "_streamlit_user_tokens_1=a; Path=/; SameSite=strict",
        ),
        ('_streamlit_user=""; Max-Age=0; Path=/; SameSite=lax', None),
        ("_streamlit_session=null; path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("_streamlit_xsrf=a; Max-Age=5; SameSite=strict", None),
        ("other=_streamlit_user; Max-Age=5", None),
    ],
)
def test_who_somebody_is_goes_when_the_browser_closes(
    ask: Callable[..., Answer], inside: Inside, cookie: str, kept: str | None
) -> None:
    """Streamlit would keep it for 30 days; a cookie that is taken back is taken back."""
    inside.cookies = [cookie]
    assert ask(web.CALLBACK_PATH, query=_CODE).headers["set-cookie"] == (kept or cookie)


@with_provider
@pytest.mark.parametrize("site", ["none", "same-site", "cross-site", "-"])
@pytest.mark.parametrize("mode", ["navigate", "no-cors"])
def test_no_address_signs_anybody_out(
    ask: Callable[..., Answer], inside: Inside, site: str, mode: str
) -> None:
    """Neither a link, nor a picture of another page or port, nor what somebody typed."""
    for method in ("GET", "HEAD"):
        asked = {"sec-fetch-site": site, "sec-fetch-mode": mode}
        assert ask(web.LOGOUT_PATH, asked, method=method).status == 403
    assert inside.seen == []
    assert ask(web.LOGOUT_PATH, _OWN_PAGE).status == 200


@with_provider
@pytest.mark.parametrize(("path", "status"), [("/auth/login", 502), ("/auth/logout", 400)])
def test_a_service_that_does_not_answer_is_told_of(
    ask: Callable[..., Answer], inside: Inside, path: str, status: int
) -> None:
    """As where the network is off, with what to do."""
    inside.status = 400
    answer = ask(path, _OWN_PAGE)
    assert answer.status == status
    assert (b"The sign-in service does not answer" in answer.body) == (status == 502)
    assert (b"inside" in answer.body) == (status != 502)
    assert answer.headers["cache-control"] == "no-store"


# The port


def test_a_port_that_somebody_listens_on_is_refused() -> None:
    """In words, where it was asked for; where none was, any other is found.

    It is this computer's alone: a proxy elsewhere, to which nothing is encrypted, finds none.
    """
    with open_listener(0) as listener:
        address, port = listener.getsockname()
        assert address == "127.0.0.1"
        with pytest.raises(ServeError, match=rf"^Port {port} .*: Address already in use.* --port"):
            open_listener(port)
    with open_listener(port) as listener, open_listener(None) as other:
        assert listener.getsockname()[1] == port
        with open_listener(None) as third:
            assert third.getsockname() != other.getsockname()
