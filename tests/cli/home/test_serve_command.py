"""`lac serve`: what it refuses, each with what to do, and what `--check` says."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from typer.testing import Result

from cli.home import serve as command
from dashboard.server.settings import ServerSettings
from tests.support.commands import lac
from tests.support.schools.homes import keys_at, lend_demo
from tests.support.schools.real_home import real_home

_NAME = "welfare.school.example"

Serve = Callable[..., Result]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = real_home(tmp_path / "home")
    monkeypatch.setenv("LAC_KEYS", keys_at(folder)["LAC_KEYS"])
    return folder


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[ServerSettings]:
    """What would have been served."""
    found: list[ServerSettings] = []

    def take(settings: ServerSettings, **_: object) -> bool:
        found.append(settings)
        return True

    monkeypatch.setattr(command, "serve", take)
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


def test_it_serves_behind_a_proxy(serve: Serve, served: list[ServerSettings]) -> None:
    """On this computer alone, at the port that the proxy asks, under the name that people type."""
    serve(code=0)
    serve(code=0, name=f"{_NAME}:8443", port=9000)
    assert [each.port for each in served] == [8501, 9000]
    assert [each.name for each in served] == [_NAME, f"{_NAME}:8443"]
    assert [each.address for each in served] == [f"https://{_NAME}", f"https://{_NAME}:8443"]


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
    assert "a name in lower case" in said(serve(name=text))


def test_a_demo_home_is_refused(serve: Serve, monkeypatch: Any) -> None:
    folder = lend_demo()
    monkeypatch.setenv("LAC_KEYS", keys_at(folder)["LAC_KEYS"])
    assert "Its children are made up" in said(serve(at=folder))


def test_a_second_server_of_one_home_is_refused(serve: Serve, home: Path) -> None:
    """Who is signed in, and how often they tried, is in the memory of one."""
    with FileLock(home / "serve.lock"):
        assert "A server is already running for this folder." in said(serve())
    serve(code=0)


def test_check_says_what_is_not_safe_yet(serve: Serve, served: list[ServerSettings]) -> None:
    """With what the doctor finds; it serves nothing."""
    done = said(serve("--check", code=1))
    assert "- people: All 6 on the list can sign in." in done
    assert "- backup: " in done
    assert f"https://{_NAME} may be served, by a proxy on this computer." in done
    assert served == []
