"""`lac sign-in`: who may say with which service people sign in, and what becomes of it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from safeguards.access import provider as providers
from safeguards.access.admission import set_up_vault
from safeguards.access.people import People, Person
from safeguards.access.provider import Provider
from safeguards.access.settings import Settings
from safeguards.home.home import Home, create_real
from safeguards.journal.access_log import AccessLog
from safeguards.keys.keys import Keys
from tests.support.commands import lac, passphrase_fd
from tests.support.schools.homes import edit
from tests.support.web.providers import AT, ENTRA, GOOGLE, TENANT

LEAD, PHRASE, SECRET = "R. Lead", "five plain words of hers", "s3cret~of~the~client"
_ENTRA = ("--provider", "entra", "--client-id", "app-1", "--tenant", TENANT)
_GOOGLE = ("--provider", "google", "--client-id", "app-2", "--hosted-domain", "school.example")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("LAC_KEYS", str(tmp_path / "keys"))

    def fill(made: Home) -> None:
        keys = Keys.create(made)
        set_up_vault(made, keys, People((Person(LEAD, "dsl"),)), {LEAD: PHRASE})
        Settings("Brook Lane", LEAD).save(made, keys)

    return create_real(tmp_path / "home", fill)


@pytest.fixture
def sign_in(home: Home) -> Any:
    return lambda *arguments, **given: lac("sign-in", *arguments, "--home", home.folder, **given)


def test_a_home_begins_with_passphrases(sign_in: Any) -> None:
    done = sign_in("show")
    assert done.exit_code == 0
    assert done.output == "People sign in with a passphrase.\n"


@pytest.mark.parametrize(
    ("options", "expected", "said"),
    [
        (
            _ENTRA,
            replace(
                ENTRA, server_metadata_url=f"https://login.microsoftonline.com/{TENANT}/v2.0{AT}"
            ),
            f"Microsoft Entra, as members of {TENANT}",
        ),
        (
            _GOOGLE,
            replace(GOOGLE, server_metadata_url=f"https://accounts.google.com{AT}"),
            "Google, with accounts of school.example",
        ),
    ],
)
def test_a_provider_is_set_by_who_can_open_identities(
    sign_in: Any, home: Home, options: tuple[str, ...], expected: Provider, said: str
) -> None:
    """The secret is typed unseen and said nowhere; the address to register is."""
    done = sign_in("set", *options, answer=f"{PHRASE}\n{SECRET}\n")
    assert done.exit_code == 0, done.output
    assert said in done.output
    assert "http://127.0.0.1:8501/oauth2callback" in done.output
    assert SECRET not in done.output
    assert Settings.load(home, Keys.load(home)).provider == expected
    assert providers.load_secret(home, Keys.load(home), expected) == SECRET
    shown = sign_in("show", "--port", "9000").output
    assert said in shown
    assert "http://127.0.0.1:9000/oauth2callback" in shown
    (line,) = AccessLog(home, Keys.load(home)).read_records()
    assert (line["event"], line["actor"], line["role"]) == ("sign_in_set", LEAD, "dsl")
    assert SECRET not in str(line)


def test_it_is_read_from_a_descriptor(sign_in: Any, home: Home, tmp_path: Path) -> None:
    """A line each: the passphrase, then the secret."""
    assert sign_in("set", *_ENTRA, *passphrase_fd(tmp_path, PHRASE, SECRET)).exit_code == 0
    found = Settings.load(home, Keys.load(home)).provider
    assert found is not None
    assert providers.load_secret(home, Keys.load(home), found) == SECRET
    done = sign_in("set", *_GOOGLE, *passphrase_fd(tmp_path, PHRASE))
    assert done.exit_code == 2
    assert Settings.load(home, Keys.load(home)).provider == found


def test_off_goes_back_to_passphrases(sign_in: Any, home: Home) -> None:
    assert sign_in("set", *_ENTRA, answer=f"{PHRASE}\n{SECRET}\n").exit_code == 0
    assert sign_in("off", answer=f"{PHRASE}\n").output.endswith(
        "People sign in with a passphrase.\n"
    )
    assert Settings.load(home, Keys.load(home)).provider is None
    assert not (Keys.load(home).folder / providers.SECRET).exists()
    records = AccessLog(home, Keys.load(home)).read_records()
    assert [each["event"] for each in records] == ["sign_in_set", "sign_in_off"]


@pytest.mark.parametrize("command", [("set", *_ENTRA), ("off",)])
def test_a_wrong_passphrase_changes_nothing(sign_in: Any, home: Home, command: tuple[str]) -> None:
    before = (home.folder / "settings.toml").read_bytes()
    done = sign_in(*command, answer=f"five other words of his\n{SECRET}\n")
    assert done.exit_code == 2
    assert (home.folder / "settings.toml").read_bytes() == before
    assert not (Keys.load(home).folder / providers.SECRET).exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--provider", "okta", "--client-id", "a"), "entra"),
        ((*_ENTRA, "--hosted-domain", "school.example"), "hosted_domain"),
    ],
)
def test_what_cannot_be_is_said_before_anybody_types(
    sign_in: Any, home: Home, options: tuple[str, ...], said: str
) -> None:
    done = sign_in("set", *options)
    assert done.exit_code == 2
    assert said in done.output
    assert "Passphrase" not in done.output
    assert Settings.load(home, Keys.load(home)).provider is None


def test_changed_settings_are_told_and_mended(sign_in: Any, home: Home) -> None:
    """Also where they cannot be read any more."""
    assert sign_in("set", *_ENTRA, answer=f"{PHRASE}\n{SECRET}\n").exit_code == 0
    path = home.folder / "settings.toml"
    path.write_text(path.read_text().replace("app-1", "app-9"))
    assert "lac keys confirm settings.toml" in sign_in("show").output
    keys = Keys.load(home)
    keys.heads.confirm(path)
    done = sign_in("show")
    assert done.exit_code == 2
    assert "Find out who changed it" in done.output
    edit(path, keys, path.read_text().replace('"oidc"', '"open"'))
    assert "[sign_in]" in sign_in("show").output
    assert sign_in("set", *_ENTRA, answer=f"{PHRASE}\n{SECRET}\n").exit_code == 0
    assert sign_in("show").exit_code == 0
