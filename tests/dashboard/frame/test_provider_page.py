"""Signing in with a provider on the pages of a real home: who comes back, and how fresh."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard.server import oidc
from dashboard.server.sessions import ActiveSignIns
from safeguards.access import provider as providers
from safeguards.access.people import People
from safeguards.access.provider import Provider
from safeguards.home.home import Home
from safeguards.journal.access_log import AccessLog, get_utc_now
from safeguards.keys.keys import Keys
from tests.support.schools.homes import edit
from tests.support.schools.real_home import PEOPLE, at_one_browser, phrase_of, real_home
from tests.support.web.providers import ENTRA, GOOGLE, TENANT
from tests.support.web.site import is_heading, switch_page

_APP = str(Path(dashboard.__file__).with_name("app.py"))
TEACHER = PEOPLE["teacher"]
_AGAIN = "Type your password again, to take plans.docx."


class Service:
    """What the provider says of whoever comes back: the claims that Streamlit reads."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self.ways: list[str] = []
        self.claims: dict[str, Any] = {}
        self.left = 0

    def to_dict(self) -> dict[str, Any]:
        return dict(self.claims)

    def answers(self, sub: str, role: str = "teacher", **changes: Any) -> None:
        """To the browser that went there last."""
        now = int(get_utc_now().timestamp())
        is_entra = self._provider.provider == "entra"
        self.claims = {
            "iss": self._provider.issuer,
            "aud": self._provider.client_id,
            "iat": now,
            "exp": now + 3600,
            "nonce": f"nonce {len(self.ways)}",
            "sub": sub,
            "provider": self.ways[-1],
            **({"tid": TENANT, "roles": [role], "auth_time": now} if is_entra else {}),
            **({} if is_entra else {"hd": "school.example", "email_verified": True}),
            **changes,
        }


def served(
    folder: Path, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> tuple[Home, Service, AppTest]:
    """A real home whose people have accounts, asked by one browser, in the place of a server."""
    folder = real_home(folder)
    at_one_browser(folder, monkeypatch, ActiveSignIns())
    home = Home.open(folder)
    keys = Keys.load(home)
    tid = provider.tenant or ""
    listed = [replace(each, sub=f"{each.role}-1", tid=tid) for each in People.load(home, keys)]
    People(tuple(each for each in listed if each.person != "S. Deputy")).save(home, keys)
    providers.write_section(folder / "settings.toml", keys, provider)
    service = Service(provider)
    monkeypatch.setattr(oidc, "PENDING_SIGN_INS", oidc.PendingSignIns())
    monkeypatch.setattr(st, "user", service)
    monkeypatch.setattr(st, "login", service.ways.append)
    monkeypatch.setattr(st, "logout", lambda: setattr(service, "left", service.left + 1))
    return home, service, AppTest.from_file(_APP, default_timeout=30).run()


def press(tab: AppTest, label: str) -> AppTest:
    found = next(each for each in tab.button if each.label == label)
    pressed: AppTest = found.click().run()
    assert not pressed.exception
    return pressed


def texts(tab: AppTest) -> str:
    assert not tab.exception
    parts = [*tab.title, *tab.markdown, *tab.info, *tab.error, *tab.code]
    return "\n".join(str(each.value) for each in parts)


def events(home: Home) -> list[tuple[str, str, str | None]]:
    records = AccessLog(home, Keys.load(home)).read_records()
    return [
        (each["event"], each["actor"], each["purpose"])
        for each in records
        if each["event"] in ("deny", "sign_in", "sign_out")
    ]


@pytest.mark.parametrize(("provider", "name"), [(ENTRA, "Microsoft"), (GOOGLE, "Google")])
def test_a_person_signs_in_with_the_schools_account(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, provider: Provider, name: str
) -> None:
    """There is no field for a passphrase, and nobody is there before they come back."""
    home, service, tab = served(tmp_path / "home", provider, monkeypatch)
    assert tab.title[0].value == "Sign in"
    assert not [*tab.text_input, *tab.selectbox]
    press(tab, f"Sign in with {name}")
    assert service.ways == ["school"]
    assert tab.run().title[0].value == "Sign in"
    service.answers("teacher-1")
    assert is_heading(tab.run().title[0].value, "today")
    assert f"Signed in: **{TEACHER}**" in texts(tab)
    assert events(home) == [("sign_in", TEACHER, "service")]
    press(tab, "Sign out")
    assert tab.title[0].value == "Sign in"
    assert service.left == 1
    assert tab.run().title[0].value == "Sign in"
    assert service.left == 1
    assert events(home)[1:] == [("sign_out", TEACHER, "dashboard")]


def test_who_is_not_let_in_is_told_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And what the list asks for, until they go out again; the log has the reason only."""
    home, service, tab = served(tmp_path / "home", ENTRA, monkeypatch)
    press(tab, "Sign in with Microsoft")
    service.answers("nobody-7")
    assert "Your account is not on the school's list" in texts(tab.run())
    assert [each.value for each in tab.code] == ["nobody-7"]
    assert "is not on the school's list" in texts(tab.run())
    press(tab, "Sign in with Microsoft")
    assert service.ways[-1] == "again"  # a browser that has been there
    assert "is not on the school's list" not in texts(tab.run())
    service.answers("teacher-1", tid=TENANT.replace("1", "9"))
    assert "another organisation's account" in texts(tab.run())
    assert not tab.code
    press(tab, "Sign in with Microsoft")
    service.answers("teacher-1", role="dsl")
    assert "give you different roles" in texts(tab.run())
    reasons = ("unknown", "tenant", "role_differs")
    assert events(home) == [("deny", "unknown", f"sign in: {each}") for each in reasons]


def test_a_file_needs_a_password_that_was_typed_a_moment_ago(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A session with the provider that goes on is enough to look, and for no file."""
    home, service, tab = served(tmp_path / "home", ENTRA, monkeypatch)
    press(tab, "Sign in with Microsoft")
    service.answers("teacher-1", auth_time=int(get_utc_now().timestamp()) - 3 * 3600)
    switch_page(tab.run(), "plans").run()
    assert _AGAIN in texts(tab)
    assert not [each for each in tab.text_input if "passphrase" in each.label]
    press(tab, "Go to Microsoft")
    assert service.ways == ["school", "again"]

    service.answers("pastoral-1", role="pastoral")  # a colleague does not help out
    assert "Somebody else is signed in here" in texts(tab.run())
    assert _AGAIN in texts(tab)

    press(tab, "Go to Microsoft")
    service.answers("teacher-1")
    assert _AGAIN not in texts(tab.run())
    assert f"Signed in: **{TEACHER}**" in texts(tab)
    assert events(home) == [
        ("sign_in", TEACHER, "service"),
        ("deny", "unknown", "sign in: another"),
        ("sign_in", TEACHER, "service"),
    ]


def test_with_google_a_file_needs_the_passphrase(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Since Google asks for no password on request."""
    _, service, tab = served(tmp_path / "home", GOOGLE, monkeypatch)
    press(tab, "Sign in with Google")
    service.answers("teacher-1")
    switch_page(tab.run(), "plans").run()
    assert [each for each in tab.text_input if "passphrase again" in each.label]
    assert _AGAIN not in texts(tab)


def test_names_need_the_passphrase_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It opens the person's own key, which no provider has."""
    _, service, tab = served(tmp_path / "home", ENTRA, monkeypatch)
    press(tab, "Sign in with Microsoft")
    service.answers("teacher-1")
    press(tab.run(), "Show names")
    (field,) = [each for each in tab.text_input if "to see names" in each.label]
    field.input(phrase_of(TEACHER))
    press(tab, "Go on")
    assert next(each for each in tab.button if each.label == "Hide names")


def test_damaged_settings_are_told_on_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is there keeps their place, and nobody else comes in."""
    home, service, tab = served(tmp_path / "home", ENTRA, monkeypatch)
    press(tab, "Sign in with Microsoft")
    service.answers("teacher-1")
    assert is_heading(tab.run().title[0].value, "today")
    path = home.folder / "settings.toml"
    edit(path, Keys.load(home), path.read_text().replace('"oidc"', '"open"'))
    assert "cannot be used: way must be" in texts(tab.run())
    assert is_heading(tab.title[0].value, "today")
    press(tab, "Sign out")
    assert tab.title[0].value == "Sign in"
    assert "cannot be used: way must be" in texts(tab)
    assert not tab.button
