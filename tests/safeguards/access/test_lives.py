"""People join, change, step down, leave and come back: who gets in where, by which list.

Each in a school's own home as it is, where it was restored, and on a new computer; by the list of
after the event, and by the one of before it, put back by hand or out of a backup.
"""

import shutil
from pathlib import Path

import pytest
from typer.testing import Result

from safeguards.access import admission
from safeguards.access.people import People
from safeguards.access.sign_in import verify_claims
from safeguards.errors import PassphraseError, PeopleError, SignInDenied
from safeguards.home.home import Home
from safeguards.keys.key_ring import KeyRing
from safeguards.keys.keys import Keys
from tests.safeguards.access.test_claims import NOW, RIGHT
from tests.support import commands
from tests.support.schools.homes import copy_made, keys_at, make_once
from tests.support.schools.real_home import LEAD, phrase_of, real_home
from tests.support.text_tables import read_rows

#: What a person is, in brackets once a lead has confirmed the list; with the key to identities.
_LIVES = """
    person     | way        | here new | here old  | restored new | restored old | new new    | new old
    joins      | passphrase | pastoral | no        | pastoral     | no           | (pastoral) | no
    joins      | provider   | pastoral | no        | pastoral     | no           | (pastoral) | no
    changes    | passphrase | pastoral | (teacher) | pastoral     | (teacher)    | (pastoral) | (teacher)
    changes    | provider   | pastoral | (teacher) | pastoral     | (teacher)    | (pastoral) | (teacher)
    steps down | passphrase | head     | (dsl)     | head         | (dsl)        | (head)     | (dsl, key)
    steps down | provider   | head     | (dsl)     | head         | (dsl)        | (head)     | (dsl)
    leaves     | passphrase | no       | no        | no           | no           | no         | (teacher)
    leaves     | provider   | no       | (teacher) | no           | (teacher)    | no         | (teacher)
    returns    | passphrase | teacher  | no        | teacher      | no           | (teacher)  | no
    returns    | provider   | teacher  | no        | teacher      | no           | (teacher)  | no
"""  # noqa: E501 - a table
_DOWN = "steps down, passphrase"
#: What each is before and after; None for who is not on the list.
_ROLES = {
    "joins": (None, "pastoral"),
    "changes": ("teacher", "pastoral"),
    "steps down": ("dsl", "head"),
    "leaves": ("teacher", None),
    "returns": (None, "teacher"),
}
_WAYS = ("passphrase", "provider")


def _lac(home: Path, *words: object, by: str = LEAD, more: tuple[str, ...] = ()) -> Result:
    typed = commands.passphrase_fd(home.parent, phrase_of(by), *more)
    return commands.lac(*words, "--home", home, *typed)


def _do(home: Path, *words: object, more: tuple[str, ...] = ()) -> str:
    done = _lac(home, *words, more=more)
    assert done.exit_code == 0, done.output
    return done.output


def _set_role(home: Path, life: str, way: str, role: str | None, before: str | None) -> None:
    name = f"{life}, {way}"
    if role is None:
        _do(home, "people", "remove", name)
        return
    sub = ("--sub", name) if way == "provider" else ()
    _do(home, "people", "add", name, "--role", role, *sub)
    if way == "passphrase" and before is None:
        _do(home, "people", "passphrase", name, more=(phrase_of(name),))


def _live(root: Path) -> None:
    """A home after all that, a backup of before it and one of after, and their code."""
    home, disk = real_home(root / "home"), root / "disk"
    disk.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAC_KEYS", keys_at(home)["LAC_KEYS"])
        for life, (first, _) in _ROLES.items():
            for way in _WAYS:
                if life != "joins":
                    _set_role(home, life, way, first or "teacher", None)
                if life == "returns":
                    _set_role(home, life, way, None, "teacher")
        shutil.copy(home / "roles.csv", root / "older")
        told = commands.lac("backup", "--home", home, "--to", disk).stdout
        (code,) = (line.strip() for line in told.splitlines() if "AGE-SECRET-KEY" in line)
        (root / "code").write_text(code)
        next(disk.iterdir()).rename(disk / "old.age")
        with (home / "settings.toml").open("a") as settings:
            settings.write("# shared since\n")
        _do(home, "keys", "confirm", "settings.toml")
        for life, (first, then) in _ROLES.items():
            for way in _WAYS:
                _set_role(home, life, way, then, first)
        assert commands.lac("backup", "--home", home, "--to", disk).exit_code == 0
        next(disk.glob("lac-*")).rename(disk / "new.age")
    (root / "passphrases").unlink()


def _sign_in(home: Home, life: str, way: str) -> str:
    """What the person is once they signed in, and whether they can open identities; "no"."""
    keys, name = Keys.load(home), f"{life}, {way}"
    try:
        if way == "passphrase":
            role = admission.sign_in_with_passphrase(home, name, phrase_of(name)).role
        else:
            provider, claims = RIGHT["google"]
            role = verify_claims(
                {**claims, "sub": name}, provider, People.load(home, keys), NOW
            ).role
    except (PassphraseError, PeopleError, SignInDenied):
        return "no"
    return f"{role}, key" if name in KeyRing(home, keys).list_people("identities") else role


@pytest.mark.parametrize("age", ["new", "old"])
@pytest.mark.parametrize("place", ["here", "restored", "new"])
def test_each_gets_in_as_the_list_says_that_a_lead_has_confirmed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, age: str
) -> None:
    """Nobody by an older list before that, and nobody by a key or a passphrase that was taken."""
    made = make_once("lives", _live)
    folder = copy_made(made, tmp_path / "home")
    monkeypatch.setenv("LAC_KEYS", keys_at(folder)["LAC_KEYS"])
    advice = ""
    if place == "here":
        if age == "old":
            shutil.copy(made / "older", folder / "roles.csv")
    else:
        shutil.rmtree(folder)
        restore = ["restore", made / "disk" / f"{age}.age", "--home", folder, "--older"]
        if place == "new":
            monkeypatch.setenv("LAC_KEYS", str(tmp_path / "other-keys"))
            restore += ["--recovery-code", "-", "--no-receipt"]
        done = commands.lac(*restore, answer=(made / "code").read_text())
        assert done.exit_code == 0, done.output
        advice = done.output
    waits = age == "old" or place == "new"
    steps = [
        line.partition("lac ")[2].split()[:-2]
        for line in advice.splitlines()
        if line.startswith(("lac ", "LAC_KEYS=")) and " confirm " in line
    ]
    names = [["keys", "confirm", "settings.toml"], ["people", "confirm"]] * waits
    assert steps == (names if advice else [])
    home, found = Home.open(folder), {}
    cases = [(life, way) for life in _ROLES for way in _WAYS]
    if waits:
        assert {_sign_in(home, *case) for case in cases} == {"no"}
        for words in steps or [["people", "confirm"]]:
            if place != "new":  # where nobody knows that she has stepped down
                assert _lac(folder, *words, "--as", _DOWN, by=_DOWN).exit_code == 2
            _do(folder, *words)
    if (place, age) == ("restored", "old"):  # lines of the log are known here that it has not
        assert "lac audit gap" in commands.lac("doctor", "--home", folder).output
        _do(folder, "audit", "gap", "--backup-of", "2026-11-20")
        assert "lac audit gap" not in commands.lac("doctor", "--home", folder).output
    for case in cases:
        is_what = _sign_in(home, *case)
        found[case] = f"({is_what})" if waits and is_what != "no" else is_what
    expected = {(row["person"], row["way"]): row[f"{place} {age}"] for row in read_rows(_LIVES)}
    assert found == expected
