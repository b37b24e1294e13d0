"""A school's home: asked for, made whole, and its papers say what the program does."""

import csv
import os
import stat
import tomllib
from pathlib import Path

import pytest

from intake.check.upn import compute_check_letter
from queries.contract import EXPORTS
from safeguards.access import roles
from safeguards.access.people import People
from safeguards.access.settings import Settings
from safeguards.errors import HomeError
from safeguards.home.home import Home
from safeguards.keys.home_of import get_home_of
from safeguards.keys.key_ring import KeyRing, unlock_identities
from safeguards.keys.keys import Keys
from safeguards.vault.vault import Vault
from stewardship.retention import schedule
from tests.support.commands import lac, passphrase_fd
from tests.support.schools.good_exports import ANN, BEN, CAT, GOOD, PLAIN, write
from tests.support.schools.homes import edit

SCHOOL, LEAD, DEPUTY = 'St "Brook" Lane Júnior School', "R. Lead", "S. O'Deputy"
PHRASE, OTHER, THIRD = "five plain words of hers", "quite another one of five", "fourteen signs"
_REAL = compute_check_letter("201999926001") + "201999926001"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LAC_KEYS", str(tmp_path / "keys"))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    answers = [SCHOOL, LEAD, DEPUTY, PHRASE, PHRASE, OTHER, OTHER]
    done = lac("init", "--home", tmp_path / "home", answer="\n".join(answers) + "\n")
    assert done.exit_code == 0, done.output
    return Home.open(tmp_path / "home")


def test_everything_a_home_needs_is_made(home: Home) -> None:
    names = {path.relative_to(home.folder).as_posix() for path in home.folder.rglob("*")}
    assert {
        *("home.toml", "settings.toml", "roles.csv", "retention.csv", "vault/vault.json"),
        "recipients.csv",
        *("drafts/impact_assessment.md", "drafts/record_of_processing.md"),
        *("drafts/notice_sentence.md", "log/access.jsonl", "store", "written", "ledger"),
    } <= names
    assert not home.is_demo
    keys = Keys.load(home)
    assert KeyRing(home, keys).list_people("identities") == (LEAD, DEPUTY)
    assert unlock_identities(home, keys, LEAD, PHRASE)
    assert unlock_identities(home, keys, DEPUTY, OTHER)


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_everything_is_for_the_owner_only(home: Home, tmp_path: Path) -> None:
    keys = tmp_path / "keys" / home.home_id
    for path in [home.folder, *home.folder.rglob("*"), keys, *keys.rglob("*")]:
        expected = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == expected, path


def test_no_passphrase_is_written_anywhere(home: Home, tmp_path: Path) -> None:
    """The control: the holder's name, which may stand there, is found by the same search."""
    assert not home.is_demo
    content = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert PHRASE.encode() not in content
    assert OTHER.encode() not in content
    assert LEAD.encode() in content


def test_settings_come_back_as_they_were_told(home: Home) -> None:
    assert Settings.load(home, Keys.load(home)) == Settings(SCHOOL, LEAD)
    assert tomllib.loads((home.folder / "settings.toml").read_text())["school"]["name"] == SCHOOL


_WHOLE = """\
[school]
name = "A"
[people]
lead = "A"
"""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[school",
        _WHOLE.replace('name = "A"', 'name = ""'),
        _WHOLE.replace('lead = "A"', "lead = 1"),
    ],
)
def test_damaged_settings_are_told(home: Home, text: str) -> None:
    """The control is written by hand too, and read."""
    keys = Keys.load(home)
    edit(home.folder / "settings.toml", keys, _WHOLE)
    assert Settings.load(home, Keys.load(home)) == Settings("A", "A")
    edit(home.folder / "settings.toml", keys, text)
    with pytest.raises(HomeError, match=r"settings\.toml"):
        Settings.load(home, Keys.load(home))


def test_people_hold_their_roles(tmp_path: Path) -> None:
    options = ("--school", SCHOOL, "--lead", LEAD, "--deputy", DEPUTY)
    people = ("--person", 'head=H. "Hal" Head', "--person", "manager=M. Manager")
    fd = passphrase_fd(tmp_path, PHRASE, OTHER)
    assert lac("init", "--home", tmp_path / "home", *options, *people, *fd).exit_code == 0
    with (tmp_path / "home" / "roles.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, strict=True))
    assert [(row["person"], row["role"], row["sub"], row["tid"]) for row in rows] == [
        (LEAD, "dsl", "", ""),
        (DEPUTY, "dsl", "", ""),
        ('H. "Hal" Head', "head", "", ""),
        ("M. Manager", "manager", "", ""),
    ]


def test_the_schedule_is_the_one_that_retention_follows(home: Home) -> None:
    """A template to confirm: each line has its source, and none is called verified."""
    rules, is_own = schedule.load_schedule(home, Keys.load(home))
    assert is_own
    assert {"care and child protection", "attendance"} <= {rule.category for rule in rules}
    with (home.folder / schedule.FILE).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, strict=True))
    assert all(row["source"] and row["is_verified"] == "false" for row in rows)
    record = (home.folder / "drafts" / "record_of_processing.md").read_text()
    assert all(rule.sentence in record for rule in rules)


def test_the_drafts_say_what_the_program_does(home: Home) -> None:
    """School, files, categories, roles and periods come from where the program has them."""
    drafts = {path.name: path.read_text() for path in (home.folder / "drafts").iterdir()}
    for text in drafts.values():
        assert SCHOOL in text
        assert "draft" in text
        assert "$" not in text
    assessment = drafts["impact_assessment.md"]
    assert all(f"`{export.name}`: {export.grain}" in assessment for export in EXPORTS)
    assert all(f"(`{category}`)" in assessment for category in roles.CATEGORIES)
    for role in roles.ROLES:
        (line,) = [line for line in assessment.split("\n") if line.startswith(f"- `{role}`:")]
        seen = roles.list_categories(role)
        assert all((category in line) == (category in seen) for category in ("health", "load"))


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ([SCHOOL, LEAD, "", "short", "short"], "too short"),
        ([SCHOOL, LEAD, LEAD], "a different person"),
        (["x" * 81], "1 to 80 characters"),
    ],
)
def test_what_cannot_be_taken_makes_nothing(
    tmp_path: Path, answers: list[str], message: str
) -> None:
    done = lac("init", "--home", tmp_path / "home", answer="\n".join(answers) + "\n")
    assert done.exit_code == 2
    assert message in " ".join(done.output.split())
    assert not (tmp_path / "home").exists()
    assert not (tmp_path / "keys").exists()


def test_a_script_gives_everything(tmp_path: Path) -> None:
    """Without a terminal nothing is asked for; what is missing is named."""
    where = ("init", "--home", tmp_path / "home")
    fd = passphrase_fd(tmp_path, PHRASE)
    missing = lac(*where, "--lead", LEAD, *fd)
    assert missing.exit_code == 2
    assert "--school" in missing.output
    fd = passphrase_fd(tmp_path, PHRASE)
    short = lac(*where, "--school", SCHOOL, "--lead", LEAD, "--deputy", DEPUTY, *fd)
    assert short.exit_code == 2
    assert "no line for S. O'Deputy" in " ".join(short.output.replace("│", " ").split())
    fd = passphrase_fd(tmp_path, PHRASE)
    assert lac(*where, "--school", SCHOOL, "--lead", LEAD, *fd).exit_code == 0
    home = Home.open(tmp_path / "home")
    assert KeyRing(home, Keys.load(home)).list_people("identities") == (LEAD,)


def test_a_home_is_refused_where_it_would_be_carried_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is asked; and the keys as well."""
    done = lac("init", "--home", tmp_path / "Dropbox" / "home")
    assert done.exit_code == 2
    assert "Dropbox copies" in done.output
    monkeypatch.setenv("LAC_KEYS", str(tmp_path / "Nextcloud"))
    fd = passphrase_fd(tmp_path, PHRASE)
    keys = lac("init", "--home", tmp_path / "home", "--school", SCHOOL, "--lead", LEAD, *fd)
    assert keys.exit_code == 2
    assert "Nextcloud copies" in keys.output
    with pytest.raises(HomeError):
        Home.open(tmp_path / "home")


def test_a_home_in_use_is_left_alone(home: Home, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    fd = passphrase_fd(tmp_path, PHRASE)
    done = lac("init", "--home", home.folder, "--school", SCHOOL, "--lead", LEAD, *fd)
    assert done.exit_code == 2
    assert "not empty" in done.output
    (tmp_path / "passphrases").unlink()
    assert {path: path.read_bytes() for path in before} == before


# Keys


def test_a_wrong_passphrase_changes_nothing(home: Home, tmp_path: Path) -> None:
    keys = tmp_path / "keys" / home.home_id
    before = {path: path.read_bytes() for path in keys.iterdir()}
    for arguments in (("rotate",), ("confirm", "settings.toml")):
        fd = passphrase_fd(tmp_path, OTHER, THIRD)
        done = lac("keys", *arguments, "--home", home.folder, *fd)
        assert done.exit_code == 2
        assert "not the passphrase of R. Lead" in done.output
    assert {path: path.read_bytes() for path in keys.iterdir()} == before


# What may be loaded where


def exports(tmp_path: Path, upn: str | None = None) -> Path:
    """The small good folder, with one child's UPN replaced by another."""
    folder = tmp_path / "exports"
    folder.mkdir(exist_ok=True)
    files = GOOD if upn is None else {
        name: text.replace("A001999926001", upn).replace(_ann(), upn) for name, text in GOOD.items()
    }  # fmt: skip
    return write(files, folder)


def _ann() -> str:
    return GOOD["health.csv"].splitlines()[1].split(",")[0]


def test_each_kind_has_its_home(home: Home, tmp_path: Path) -> None:
    """One made-up child among real ones is refused, and one real child in a demo home.

    A number with a wrong check letter says nothing of its authority; it is a fault of its row.
    """
    mixed = exports(tmp_path, _REAL)
    in_real = lac("load", mixed, "--home", home.folder)
    assert in_real.exit_code == 2
    told = "A UPN in roll.csv (row 3) is made up, but this is a real school's folder."
    assert told in in_real.output
    in_demo = lac("load", mixed, "--home", tmp_path / "demo")
    assert in_demo.exit_code == 2
    assert "this folder is for made-up children" in in_demo.output
    assert "lac init" in in_demo.output
    assert _REAL not in in_real.output + in_demo.output
    mistyped = exports(tmp_path, ("B" if _REAL[0] == "A" else "A") + _REAL[1:])
    in_demo = lac("load", mistyped, "--home", tmp_path / "demo")
    assert in_demo.exit_code == 1
    assert "this folder is for made-up children" not in in_demo.output
    assert not (tmp_path / "demo").exists()


def test_an_authoritys_head_keeps_the_caseloads(tmp_path: Path) -> None:
    """The home says whose it is; a school's roles are none of it, and only the head gives."""
    folder, exports = tmp_path / "home", tmp_path / "exports"
    at, said = ("--home", folder), passphrase_fd(tmp_path, PHRASE)
    names = ("--school", "Northmoor Virtual School", "--lead", LEAD, "--deputy", "")
    wrong = ("--person", "pastoral=P. Astoral")
    many = ("--kind", "authority", "--authority", "Northmoor")
    assert lac("init", *at, *names, *many, *wrong, *passphrase_fd(tmp_path, PHRASE)).exit_code == 2
    people = ("--person", "adviser=A. Reed", "--person", "adviser=B. Marsh")
    done = lac("init", *at, *names, *many, *people, *said)
    assert done.exit_code == 0, done.output
    home = Home.open(folder)
    assert get_home_of(Keys.load(home)) == "authority"
    assert Settings.load(home, Keys.load(home)).authority == "Northmoor"
    assert People.load(home, Keys.load(home)).list_leads() == (LEAD,)
    (exports / "100001").mkdir(parents=True)
    files = dict(PLAIN)
    for number, upn in enumerate((ANN, BEN, CAT), 1):
        rest = f"20199992600{number}"
        own = compute_check_letter(rest) + rest
        files = {name: text.replace(upn, own) for name, text in files.items()}
    write(files, exports / "100001")
    assert "now show 3 children" in lac("load", exports, *at).output
    again = lac("load", exports / "100001", *at, "--school", "100001")
    assert "already been loaded" in again.output
    handle = Vault.open(home, Keys.load(home)).pupils[0].handle
    give = ("people", "caseload", handle, *at, "--adviser")
    nobody = lac(*give, "C. Heath", *passphrase_fd(tmp_path, PHRASE))
    assert "is not an education adviser" in nobody.output
    given = lac(*give, "A. Reed", "--from", "2026-09-01", *passphrase_fd(tmp_path, PHRASE))
    assert given.exit_code == 0, given.output
    assert lac("people", "caseload", *at).output == f"{handle}: A. Reed\n"
    table = tmp_path / "annual.csv"
    told = lac("report", "annual", *at, "--out", table, *passphrase_fd(tmp_path, PHRASE))
    assert "0 counts as at" in told.output  # of three children none is told
    assert table.read_text() == "measure,children,of,share\n"
    assert '"caseload_changed"' in (folder / "log" / "access.jsonl").read_text()
