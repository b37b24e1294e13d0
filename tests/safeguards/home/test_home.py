"""A home and its keys: made whole, for the owner only, and never one inside the other."""

import os
import random
import stat
from pathlib import Path

import pytest

from safeguards.errors import HomeError, KeysError
from safeguards.home.home import Home, create_demo
from safeguards.keys.key_files import CREDENTIALS_VARIABLE
from safeguards.keys.keys import Keys

posix_only = pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return create_demo(tmp_path / "home", random.Random(1))


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"LAC_KEYS": str(tmp_path / "keys")}


def test_a_home_opens_as_it_was_made(home: Home) -> None:
    assert Home.open(home.folder) == home
    assert home.is_demo
    assert sorted(path.name for path in home.folder.iterdir()) == [
        "home.toml",
        "ledger",
        "log",
        "store",
        "vault",
        "written",
    ]


def test_two_homes_have_their_own_id(tmp_path: Path) -> None:
    assert create_demo(tmp_path / "a").home_id != create_demo(tmp_path / "b").home_id


@posix_only
def test_everything_is_for_the_owner_only(home: Home, environ: dict[str, str]) -> None:
    Keys.create(home, environ)
    keys = Path(environ["LAC_KEYS"], home.home_id)
    for path in [home.folder, *home.folder.rglob("*"), keys, *keys.rglob("*")]:
        expected = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == expected, path


@posix_only
def test_an_empty_folder_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir(mode=0o755)
    home = create_demo(tmp_path / "open")
    assert stat.S_IMODE(home.folder.stat().st_mode) == 0o700


def test_a_folder_in_use_is_not_taken_for_a_home(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(HomeError, match="not empty"):
        create_demo(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
    with pytest.raises(HomeError, match="not empty"):
        create_demo(create_demo(tmp_path / "home").folder)


def test_a_half_made_home_is_no_home_and_can_be_made_again(home: Home) -> None:
    (home.folder / "home.toml").rename(home.folder / "home.toml.new")
    with pytest.raises(HomeError, match="not a folder made by lac-monitor"):
        Home.open(home.folder)
    assert Home.open(create_demo(home.folder).folder).is_demo


def test_an_absent_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(HomeError, match="nowhere"):
        Home.open(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("description", "message"),
    [
        ('kind = "demo"\nhome_id = "0123456789"\nlayout = 2', "newer lac-monitor"),
        ('kind = "demo"\nhome_id = "0123456789"\nlayout = true', "damaged"),
        ('kind = "demo"\nhome_id = "0123456789"', "damaged"),
        ('kind = "play"\nhome_id = "0123456789"\nlayout = 1', "damaged"),
        ('kind = ["demo"]\nhome_id = "0123456789"\nlayout = 1', "damaged"),
        ('home_id = "0123456789"\nlayout = 1', "damaged"),
        ('kind = "demo"\nhome_id = "../../keys"\nlayout = 1', "damaged"),
        ('kind = "demo"\nlayout = 1', "damaged"),
        ("kind = ", "damaged"),
        ("", "damaged"),
        ("\udcff\udcfe", "damaged"),
    ],
)
def test_a_home_that_cannot_be_trusted_is_refused(
    home: Home, description: str, message: str
) -> None:
    (home.folder / "home.toml").write_bytes(description.encode(errors="surrogateescape"))
    with pytest.raises(HomeError, match=message):
        Home.open(home.folder)


def test_a_home_that_lost_its_log_is_refused(home: Home) -> None:
    home.log.rmdir()
    with pytest.raises(HomeError, match="no longer contains log"):
        Home.open(home.folder)


def test_keys_are_found_again(home: Home, environ: dict[str, str]) -> None:
    made, found = Keys.create(home, environ), Keys.load(home, environ)
    assert (made.store, made.lookup, made.log) == (found.store, found.lookup, found.log)
    assert len({bytes.fromhex(found.store), found.lookup, found.log}) == 3
    assert len(found.store) == 64


def test_keys_are_not_shown_by_accident(home: Home, environ: dict[str, str]) -> None:
    assert repr(Keys.create(home, environ)) == "Keys()"


def test_no_key_lies_in_the_home(home: Home, environ: dict[str, str]) -> None:
    """The positive control: the same search finds the home's id, which may lie there."""
    keys = Keys.create(home, environ)
    content = b"".join(path.read_bytes() for path in home.folder.rglob("*") if path.is_file())
    assert keys.lookup is not None
    secret = (keys.lookup, keys.log, keys.load_demo_key().private_bytes_raw())
    for key in (bytes.fromhex(keys.store), *secret):
        assert key not in content
        assert key.hex().encode() not in content
    assert home.home_id.encode() in content


def test_keys_are_never_made_twice(home: Home, environ: dict[str, str]) -> None:
    before = Keys.create(home, environ)
    with pytest.raises(KeysError, match="already"):
        Keys.create(home, environ)
    assert Keys.load(home, environ).store == before.store


@pytest.mark.parametrize("place", ["home", "home/vault", ".", "link"])
def test_keys_and_home_never_lie_within_one_another(tmp_path: Path, home: Home, place: str) -> None:
    if place == "link":
        (tmp_path / "link").symlink_to(home.vault)
    with pytest.raises(KeysError, match="one inside the other"):
        Keys.create(home, {"LAC_KEYS": str(tmp_path / place)})


def test_the_folder_of_keys_must_be_a_whole_path(home: Home) -> None:
    with pytest.raises(KeysError, match="full path"):
        Keys.load(home, {"LAC_KEYS": "keys"})


def test_without_the_variable_keys_are_in_the_users_configuration(
    tmp_path: Path, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "safeguards.keys.keys.platformdirs.user_config_path", lambda *_, **__: tmp_path / "config"
    )
    Keys.create(home, {})
    assert (tmp_path / "config" / home.home_id / "store.key").exists()


@posix_only
@pytest.mark.parametrize("name", ["", "store.key", "lookup.key", "log.key"])
@pytest.mark.parametrize("mode", [0o040, 0o004, 0o020, 0o002])
def test_keys_that_others_can_reach_are_refused(
    home: Home, environ: dict[str, str], name: str, mode: int
) -> None:
    Keys.create(home, environ)
    path = Path(environ["LAC_KEYS"], home.home_id, name)
    path.chmod(path.stat().st_mode | mode)
    with pytest.raises(KeysError, match="Other users"):
        Keys.load(home, environ)


def test_a_damaged_or_missing_key_is_named(home: Home, environ: dict[str, str]) -> None:
    Keys.create(home, environ)
    path = Path(environ["LAC_KEYS"], home.home_id, "log.key")
    for content in (b"", b"00ff", b"\xff" * 64, b"g" * 64):
        path.write_bytes(content)
        with pytest.raises(KeysError, match=r"log\.key is damaged"):
            Keys.load(home, environ)
    path.unlink()
    with pytest.raises(KeysError, match="are not in"):
        Keys.load(home, environ)


def test_a_key_that_systemd_hands_over_counts_first(
    home: Home, environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may have a group's right to read, as systemd gives it; a damaged one is named."""
    keys = Keys.create(home, environ)
    handed = tmp_path / "handed"
    handed.mkdir()
    for name in ("store.key", "log.key", "lookup.key"):
        (keys.folder / name).rename(handed / name)
        (handed / name).chmod(0o440)
    with pytest.raises(KeysError, match="are not in"):
        Keys.load(home, environ)
    monkeypatch.setenv(CREDENTIALS_VARIABLE, str(handed))
    found = Keys.load(home, environ)
    assert (found.store, found.lookup, found.log) == (keys.store, keys.lookup, keys.log)
    (handed / "store.key").chmod(0o600)
    (handed / "store.key").write_text("0" * 64, encoding="ascii")
    with pytest.raises(KeysError, match=r"store\.key is damaged"):
        Keys.load(home, environ)
