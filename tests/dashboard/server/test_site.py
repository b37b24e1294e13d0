"""What a browser calls the server, and whose request it is."""

from typing import Any

import pytest

from dashboard.server.site import build_own_site, build_shared_site

_BY_PROXY = build_shared_site("welfare.school.example")


def ask(peer: str | None, *headers: tuple[str, str]) -> dict[str, Any]:
    return {
        "type": "http",
        "client": None if peer is None else (peer, 50_000),
        "headers": [(name.encode(), value.encode()) for name, value in headers],
    }


def test_what_a_network_calls_it() -> None:
    """One name, over TLS, with the port that people type; a cookie for this very name."""
    assert _BY_PROXY.hosts == {"welfare.school.example": "https://welfare.school.example"}
    other = build_shared_site("welfare.school.example:8443")
    assert other.hosts == {"welfare.school.example:8443": "https://welfare.school.example:8443"}
    assert (other.cookie, other.is_shared) == ("__Host-lac", True)
    own = build_own_site(8501)
    assert own.hosts == {each: f"http://{each}" for each in ("127.0.0.1:8501", "localhost:8501")}
    assert (own.cookie, own.is_shared) == ("lac_8501", False)


_HTTPS = ("x-forwarded-proto", "https")


@pytest.mark.parametrize(
    ("peer", "headers", "client"),
    [
        ("127.0.0.1", (("x-forwarded-for", "10.0.0.5"), _HTTPS), "10.0.0.5"),
        ("::ffff:127.0.0.1", (("x-forwarded-for", "10.0.0.5"), _HTTPS), "10.0.0.5"),
        ("127.0.0.1", (("x-forwarded-for", "fe80::1"), _HTTPS), "fe80::1"),
        # what the client wrote itself stands before what the proxy wrote
        ("127.0.0.1", (("x-forwarded-for", "9.9.9.9, 10.0.0.5"), _HTTPS), "10.0.0.5"),
        (
            "127.0.0.1",
            (("x-forwarded-for", "9.9.9.9"), ("x-forwarded-for", "10.0.0.5"), _HTTPS),
            "10.0.0.5",
        ),
        # not by the proxy, not over TLS, not said
        ("10.0.0.9", (("x-forwarded-for", "10.0.0.5"), _HTTPS), None),
        ("127.0.0.1", (("x-forwarded-for", "10.0.0.5"),), None),
        ("127.0.0.1", (("x-forwarded-for", "10.0.0.5"), ("x-forwarded-proto", "http")), None),
        ("127.0.0.1", (("x-forwarded-for", "10.0.0.5"), _HTTPS, _HTTPS), None),
        ("127.0.0.1", (_HTTPS,), None),
        ("127.0.0.1", (("x-forwarded-for", "unknown"), _HTTPS), None),
        ("127.0.0.1", (("x-forwarded-for", "10.0.0.5,"), _HTTPS), None),
        (None, (("x-forwarded-for", "10.0.0.5"), _HTTPS), None),
    ],
)
def test_behind_a_proxy_its_last_word_counts(
    peer: str | None, headers: tuple[tuple[str, str], ...], client: str | None
) -> None:
    """And only its own."""
    assert _BY_PROXY.find_client(ask(peer, *headers)) == client
