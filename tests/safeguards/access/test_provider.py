"""Who says who somebody is: what the settings may say, and where the secret lies."""

import json
import os
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from safeguards.access import provider as providers
from safeguards.access.provider import Provider
from safeguards.access.settings import Settings
from safeguards.errors import HomeError, KeysError
from safeguards.home.home import Home, create_demo, create_real
from safeguards.keys.keys import Keys
from tests.support.schools.homes import edit
from tests.support.web.providers import AT, ENTRA, GOOGLE, TENANT


@pytest.fixture
def home(tmp_path: Path, environ: dict[str, str]) -> Home:
    """A real home, whose settings a school may edit."""

    def fill(made: Home) -> None:
        keys = Keys.create(made, environ)
        Settings("Brook Lane", "R. Lead").save(made, keys)

    return create_real(tmp_path / "home", fill)


def settings_path(home: Home) -> Path:
    return home.folder / "settings.toml"


# Settings


def test_without_a_word_people_sign_in_by_passphrase(home: Home, keys: Keys) -> None:
    """So do they where the settings say it."""
    assert Settings.load(home, keys).provider is None
    providers.write_section(settings_path(home), keys, None)
    assert tomllib.loads(settings_path(home).read_text())["sign_in"] == {"way": "passphrase"}
    assert Settings.load(home, keys).provider is None


@pytest.mark.parametrize("provider", [ENTRA, GOOGLE])
def test_a_provider_is_read_as_it_was_written(home: Home, keys: Keys, provider: Provider) -> None:
    """In place of the one before it, with all else in the file as it was."""
    before = settings_path(home).read_text()
    providers.write_section(settings_path(home), keys, GOOGLE)
    with settings_path(home).open("a", encoding="utf-8") as file:
        file.write("[other]  # the school's own\nkept = true\n")
    keys.heads.confirm(settings_path(home))
    providers.write_section(settings_path(home), keys, provider)
    text = settings_path(home).read_text()
    assert Settings.load(home, keys) == Settings("Brook Lane", "R. Lead", provider)
    assert text.startswith(before.rstrip())
    assert text.count("[sign_in]") == 1
    assert tomllib.loads(text)["other"] == {"kept": True}


def test_a_made_up_school_has_no_provider(tmp_path: Path, environ: dict[str, str]) -> None:
    """Whatever its folder says: it has a switch of roles."""
    demo = create_demo(tmp_path / "demo")
    Keys.create(demo, environ)
    made_up = '[school]\nname = "Made up"\n[people]\nlead = "Nobody"\n'
    (demo.folder / "settings.toml").write_text(made_up + providers.serialise_section(ENTRA))
    assert Settings.load(demo, None).provider is None


_GOOD: dict[str, Any] = {
    "way": "oidc",
    "provider": "entra",
    "server_metadata_url": ENTRA.server_metadata_url,
    "client_id": "app-1",
    "tenant": TENANT,
}


_AS_GOOGLE = {"provider": "google", "server_metadata_url": GOOGLE.server_metadata_url}


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"way": None}, "way"),
        ({"way": "Oidc"}, "way"),
        ({"way": 1}, "way"),
        ({"provider": None}, "provider"),
        ({"provider": "okta"}, "provider"),
        ({"provider": ["entra"]}, "provider"),
        ({"server_metadata_url": None}, "server_metadata_url"),
        ({"server_metadata_url": 7}, "server_metadata_url"),
        *(
            ({"server_metadata_url": f"{url}{AT}"}, "server_metadata_url must be https://login")
            for url in (
                *("http://login.example", "http://127.0.0.1.evil.example", "ftp://localhost"),
                *("http://localhost@evil.example", "http://u:p@localhost", "http://[localhost"),
                f"https://login.microsoftonline.com/{TENANT.replace('1', '9')}/v2.0",
                *("https://login.microsoftonline.com/common/v2.0", "https://accounts.google.com"),
            )
        ),
        ({"client_id": None}, "client_id"),
        ({"client_id": ""}, "client_id"),
        ({"client_id": "a b"}, "client_id"),
        ({"client_id": "x" * 201}, "client_id"),
        ({"tenant": None}, "tenant"),
        ({"tenant": "school.example"}, "tenant"),
        ({"tenant": TENANT.upper().replace("1", "A")}, "tenant"),
        ({"tenant": 1}, "tenant"),
        ({"hosted_domain": "school.example"}, "hosted_domain"),
        ({**_AS_GOOGLE}, "hosted_domain"),
        ({**_AS_GOOGLE, "tenant": None}, "hosted_domain"),
        ({**_AS_GOOGLE, "tenant": None, "hosted_domain": "school"}, "hosted_domain"),
        ({**_AS_GOOGLE, "tenant": None, "hosted_domain": "*.example"}, "hosted_domain"),
        ({"client_secret": "x"}, "lac does not know"),
        ({"tennant": "x"}, "lac does not know"),
    ],
)
def test_settings_that_cannot_be_are_refused(changed: dict[str, Any], why: str) -> None:
    """Each by a sentence that names the line; the control is the section as it was."""
    assert providers.parse(_GOOD) == ENTRA
    lines = {name: value for name, value in (_GOOD | changed).items() if value is not None}
    with pytest.raises(ValueError, match=why):
        providers.parse(lines)


@pytest.mark.parametrize("host", ["127.0.0.1:9400", "localhost:9400"])
def test_a_provider_on_this_computer_needs_no_tls(host: str) -> None:
    """Nothing leaves the computer then; developers have theirs there."""
    assert replace(ENTRA, server_metadata_url=f"http://{host}{AT}").issuer == f"http://{host}"


@pytest.mark.parametrize("text", ["sign_in = 1\n", "[sign_in]\n", '[sign_in]\nway = "no"\n'])
def test_damaged_settings_are_told(home: Home, keys: Keys, text: str) -> None:
    """With the file, what is wrong and what to do."""
    path = settings_path(home)
    edit(path, keys, text + path.read_text())
    with pytest.raises(HomeError, match=r"\[sign_in\] in .*settings\.toml .*lac sign-in set"):
        Settings.load(home, keys)


@pytest.mark.parametrize("text", ['sign_in.way = "passphrase"\n', "[school\n", "[[sign_in]]\n"])
def test_a_file_without_a_place_for_it_is_left_alone(home: Home, keys: Keys, text: str) -> None:
    """A line written otherwise would stand beside ours."""
    path = settings_path(home)
    edit(path, keys, text + path.read_text())
    before = path.read_bytes()
    with pytest.raises(HomeError, match=r"settings\.toml"):
        providers.write_section(path, keys, ENTRA)
    assert path.read_bytes() == before


def test_entra_proves_again_and_google_does_not() -> None:
    """Google takes no prompt for a password, and says of no answer when one was typed."""
    assert ENTRA.has_reauthentication
    assert not GOOGLE.has_reauthentication


# The secret


def test_the_secret_lies_with_the_keys(home: Home, keys: Keys, environ: dict[str, str]) -> None:
    """For its owner only, and never in the home."""
    keys = Keys.load(home, environ)
    providers.save_secret(keys, ENTRA, "s3cret~value")
    assert providers.load_secret(home, keys, ENTRA) == "s3cret~value"
    path = keys.folder / providers.SECRET
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600
    for each in home.folder.rglob("*"):
        assert not each.is_file() or b"s3cret~value" not in each.read_bytes()
    providers.delete_secret(keys)
    providers.delete_secret(keys)
    with pytest.raises(KeysError, match="lac sign-in set"):
        providers.load_secret(home, keys, ENTRA)


@pytest.mark.parametrize(
    "changed",
    [
        {"client_id": "app-9"},
        {
            "tenant": TENANT.replace("1", "9"),
            "server_metadata_url": ENTRA.server_metadata_url.replace("1", "9"),
        },
        {"server_metadata_url": f"http://127.0.0.1:9400{AT}"},
    ],
)
def test_settings_changed_behind_its_back_are_refused(
    home: Home, environ: dict[str, str], changed: dict[str, Any]
) -> None:
    """Who can write in the home, but not reach the keys, names no provider of their own."""
    keys = Keys.load(home, environ)
    providers.save_secret(keys, ENTRA, "s3cret~value")
    for other in (replace(ENTRA, **changed), GOOGLE):
        with pytest.raises(HomeError, match="Find out who changed it"):
            providers.load_secret(home, keys, other)


@pytest.mark.parametrize("secret", ["", "two\nlines", "é", "x" * 501])
def test_what_can_be_no_secret_is_not_kept(
    home: Home, environ: dict[str, str], secret: str
) -> None:
    """The message does not repeat it."""
    keys = Keys.load(home, environ)
    with pytest.raises(KeysError, match="one line") as caught:
        providers.save_secret(keys, ENTRA, secret)
    assert not secret or secret not in str(caught.value)
    assert not (keys.folder / providers.SECRET).exists()


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"{}", b"\xff", json.dumps({"provider": {}}).encode()]
)
def test_a_damaged_secret_is_told(home: Home, environ: dict[str, str], content: bytes) -> None:
    keys = Keys.load(home, environ)
    providers.save_secret(keys, ENTRA, "s3cret~value")
    (keys.folder / providers.SECRET).write_bytes(content)
    with pytest.raises(KeysError, match=r"damaged\. Run: lac sign-in set"):
        providers.load_secret(home, keys, ENTRA)


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_a_secret_that_others_reach_is_refused(
    home: Home, keys: Keys, environ: dict[str, str]
) -> None:
    keys = Keys.load(home, environ)
    providers.save_secret(keys, ENTRA, "s3cret~value")
    (keys.folder / providers.SECRET).chmod(0o640)
    with pytest.raises(KeysError, match="Other users of this computer"):
        providers.load_secret(home, keys, ENTRA)
