"""`lac serve`: what it refuses, each with what to do, and what `--check` says."""

import shutil
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from filelock import FileLock
from typer.testing import Result

from cli.home import serve as command
from dashboard.network import checks
from dashboard.network.site import Network
from dashboard.server.server import open_listeners
from dashboard.server.settings import ServerSettings
from safeguards.errors import ServeError
from safeguards.keys.key_files import CREDENTIALS_VARIABLE
from tests.support.commands import lac
from tests.support.schools.homes import demo_home, keys_at
from tests.support.schools.real_home import real_home
from tests.support.web.authority import Authority, Pair

_NAME = "welfare.school.example"
_NOW = datetime.now(UTC)
_DAY = timedelta(days=1)

Serve = Callable[..., Result]


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def pair(authority: Authority) -> Pair:
    return authority.issue(_NAME)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = real_home(tmp_path / "home")
    monkeypatch.setenv("LAC_KEYS", keys_at(folder)["LAC_KEYS"])
    return folder


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[ServerSettings]:
    """What would have been served; the name leads to this computer."""
    found: list[ServerSettings] = []

    def take(settings: ServerSettings, **_: object) -> bool:
        found.append(settings)
        return True

    monkeypatch.setattr(command, "serve", take)
    monkeypatch.setattr(checks, "resolve", lambda _: ["127.0.0.1"])
    return found


@pytest.fixture
def serve(home: Path, served: list[ServerSettings]) -> Serve:
    """`lac serve` on a home, which fails unless it is said that it does not."""
    assert served == []

    def run(*arguments: object, at: Path = home, code: int = 2, **options: object) -> Result:
        named = [f"--{key}={value}" for key, value in {"name": _NAME, **options}.items()]
        done = lac("serve", "--home", at, *named, *arguments)
        assert done.exit_code == code, done.output
        return done

    return run


def said(done: Result) -> str:
    return " ".join(done.output.replace("│", " ").split())


def by(pair: Pair) -> dict[str, Any]:
    return {"certificate": pair.certificate, "key": pair.key}


def test_it_serves_over_tls_or_behind_a_proxy(
    serve: Serve, served: list[ServerSettings], pair: Pair
) -> None:
    """At the port that people type, or at one of its own behind the proxy."""
    serve(code=0, behind="127.0.0.1")
    serve(code=0, **by(pair))
    serve(code=0, **{**by(pair), "name": f"{_NAME}:8443"})
    serve(code=0, **by(pair), port=9000)
    assert [each.port for each in served] == [8501, 443, 8443, 9000]
    assert [each.address for each in served] == [
        *(f"https://{_NAME}" for _ in range(2)),
        f"https://{_NAME}:8443",
        f"https://{_NAME}",
    ]


@pytest.mark.parametrize("options", ["none", "both", "no key", "no certificate"])
def test_it_is_never_plain(serve: Serve, pair: Pair, options: str) -> None:
    given = {
        "none": {},
        "both": {**by(pair), "behind": "127.0.0.1"},
        "no key": {"certificate": pair.certificate},
        "no certificate": {"key": pair.key, "behind": "127.0.0.1"},
    }[options]
    assert "never plain" in said(serve(**given))


@pytest.mark.parametrize(
    "text",
    [
        *("Welfare.school.example", "welfare", "localhost", "10.0.0.1", "::1", ""),
        *("https://welfare.school.example", "welfare.school.example/", "welfare.school.example:"),
        *("welfare.school.example:0", "welfare.school.example:65536", "-a.example", "a..example"),
        *("welfare.school.example.", f"{'a' * 64}.example", "welfare.sch\u00f6ol.example"),
    ],
)
def test_a_name_is_one_that_people_type(serve: Serve, text: str) -> None:
    assert "a name in lower case" in said(serve(behind="127.0.0.1", name=text))


def test_a_demo_home_is_refused(serve: Serve, tmp_path: Path, monkeypatch: Any) -> None:
    folder = demo_home(tmp_path / "demo", children=1)
    monkeypatch.setenv("LAC_KEYS", keys_at(folder)["LAC_KEYS"])
    assert "Its children are made up" in said(serve(at=folder, behind="127.0.0.1"))


def test_a_home_that_is_copied_elsewhere_is_refused(serve: Serve, home: Path) -> None:
    folder = home.parent / "Dropbox" / "home"
    shutil.copytree(home, folder)
    assert "Name a folder outside it" in said(serve(at=folder, behind="127.0.0.1"))


def test_a_proxy_elsewhere_is_refused(serve: Serve) -> None:
    """Between it and lac nothing is encrypted."""
    for text in ("10.0.0.1", "proxy.school.example", ""):
        assert "--behind 127.0.0.1" in said(serve(behind=text))


@pytest.mark.parametrize(
    ("addresses", "words"),
    [
        ([], "has no address. Enter it in the school's name server"),
        (["192.0.2.1"], "leads to 192.0.2.1, which is not this computer."),
        (["127.0.0.1", "2001:db8::1"], "leads to 2001:db8::1, which is not this computer."),
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, addresses: list[str], words: str
) -> None:
    monkeypatch.setattr(checks, "resolve", lambda _: addresses)
    assert words in said(serve(behind="127.0.0.1"))


def test_a_name_that_nobody_has_resolves_to_nothing() -> None:
    assert checks.resolve("no-such-name.invalid") == []
    assert checks.resolve("localhost")


def test_a_certificate_that_is_not_good_is_refused(
    serve: Serve, authority: Authority, pair: Pair, tmp_path: Path
) -> None:
    """Ended, not begun, of another name, of no name; each with what to do."""
    ended = authority.issue(_NAME, begins=_NOW - 9 * _DAY, ends=_NOW - _DAY, label="ended")
    ahead = authority.issue(_NAME, begins=_NOW + _DAY, ends=_NOW + 9 * _DAY, label="ahead")
    other = authority.issue("other.school.example", "*.example", label="other")
    nameless = authority.issue(label="nameless")
    torn = tmp_path / "torn.pem"
    torn.write_text("-----BEGIN CERTIFICATE-----\n", encoding="ascii")
    for options, words in (
        (by(ended), "Renew it, and start the server again."),
        (by(ahead), "Look at this computer's clock."),
        (by(other), f"is for other.school.example, *.example, not for {_NAME}."),
        (by(nameless), f"is for no name, not for {_NAME}."),
        ({"certificate": torn, "key": pair.key}, "holds no certificate as text."),
        ({"certificate": tmp_path / "none", "key": pair.key}, "Name the certificate's file."),
        ({"certificate": pair.certificate, "key": ended.key}, "is not the key of the certificate."),
        ({"certificate": pair.certificate, "key": torn}, "can be reached by other users"),
        ({"certificate": pair.certificate, "key": tmp_path / "none"}, "Name the key's file."),
    ):
        assert words in said(serve(**options))
    serve(code=0, **by(authority.issue("*.school.example", label="star")))


def test_a_key_that_others_can_read_or_nobody_can_open_is_refused(
    serve: Serve, pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """systemd hands one over with a group's right to read, in a folder of this service alone."""
    pair.key.chmod(0o640)
    assert "they may have the key" in said(serve(**by(pair)))
    with monkeypatch.context() as patched:
        patched.setenv(CREDENTIALS_VARIABLE, str(pair.key.parent))
        serve(code=0, **by(pair))
        patched.setenv(CREDENTIALS_VARIABLE, str(pair.key.parent / "elsewhere"))
        serve(**by(pair))
    pair.key.chmod(0o600)
    key = serialization.load_pem_private_key(pair.key.read_bytes(), None)
    closed = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"secret"),
    )
    pair.key.write_bytes(closed)
    assert "Write it without one." in said(serve(**by(pair)))
    pair.key.write_text("no key", encoding="ascii")
    assert "holds no private key as text." in said(serve(**by(pair)))


def test_a_port_in_use_is_refused() -> None:
    """Before anything is served."""
    for network in (Network(_NAME, proxy="127.0.0.1"), Network(_NAME)):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            with pytest.raises(ServeError, match=f"Port {port} cannot be used: .* --port"):
                open_listeners(network, port)


def test_a_second_server_of_one_home_is_refused(serve: Serve, home: Path) -> None:
    """Who is signed in, and how often they tried, is in the memory of one."""
    with FileLock(home / "serve.lock"):
        assert "A server is running for this home already." in said(serve(behind="127.0.0.1"))
    serve(code=0, behind="127.0.0.1")


def test_check_says_what_is_not_safe_yet(
    serve: Serve, served: list[ServerSettings], authority: Authority
) -> None:
    """With what the doctor finds; it serves nothing."""
    done = said(serve("--check", code=1, behind="10.0.0.1"))
    assert "- server: 10.0.0.1 is not this computer" in done
    assert "- name: This computer calls itself" in done
    assert "- people: All 6 on the list can sign in." in done
    assert "- backup: " in done
    soon = authority.issue(_NAME, ends=_NOW + 2 * _DAY, label="soon")
    assert "Renew it now." in said(serve("--check", code=1, **by(soon)))
    assert f"https://{_NAME} may be served, by its own certificate." in said(
        serve("--check", code=1, **by(authority.issue(_NAME)))
    )
    assert served == []
