"""Files of a home that were changed or put back by hand: none is taken without a word.

Whoever can write in the home has an editor and its earlier copies, and not the keys.  Each
file that matters is flipped, and each put back from an older copy, alone and with another;
`lac doctor` says so, and what reads the file refuses it.
"""

import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from intake.map.keep import save_mapping
from intake.map.mapping import Mapping
from intake.publish.amend import publish_entries
from queries.errors import StoreError
from safeguards.access import admission, loads
from safeguards.access.people import People, Person
from safeguards.disclosure.drafts import Drafts
from safeguards.disclosure.releases import Releases
from safeguards.errors import SafeguardsError
from safeguards.handles import generate_id
from safeguards.home.home import Home
from safeguards.journal.journal import Journal
from safeguards.journal.typed_entries import Entry, TypedEntries
from safeguards.keys import heads
from safeguards.keys.key_ring import KeyRing
from safeguards.keys.keys import Keys
from safeguards.vault.vault import Vault
from stewardship.backup.backups import back_up
from stewardship.doctor.doctor import run_checks
from stewardship.registers import recipients
from stewardship.registers.requests import Register
from stewardship.registers.shares import Shares
from stewardship.retention import schedule as retention
from stewardship.rights.erase import erase_pupils
from tests.support import commands
from tests.support.reports.facts import build_facts
from tests.support.schools.homes import edit, keys_at
from tests.support.schools.real_home import LEAD, PEOPLE, phrase_of, real_home
from tests.support.sizes import Count, rng, size

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
#: What nobody is told of, since no program reads it, as SECURITY.md says: papers and receipts
#: are for people.  A lock is empty.
_UNREAD = ("drafts/*.md", "ledger/*.txt")
#: How many kinds of file a home and its keys have, as they are here.
_KINDS = 25
#: How often a home is used in the larger tests.
_LAST = 2

Files = dict[Path, bytes]


@pytest.fixture
def real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    folder = real_home(tmp_path / "home")
    monkeypatch.setenv("LAC_KEYS", keys_at(folder)["LAC_KEYS"])
    (tmp_path / "disk").mkdir()
    return Home.open(folder)


def use(home: Home, number: int) -> None:
    """What happens in a week: each file that lac writes is another one afterwards."""
    keys = Keys.load(home)
    child = Vault.open(home, keys).pupils[0].pupil_id
    ring = KeyRing(home, keys)
    ring.set_passphrase(PEOPLE["manager"], f"these are five words {number}")
    ring.save()
    People.load(home, keys).add_or_replace(Person(f"N. Ew {number}", "pastoral")).save(home, keys)
    recipients.add(home, keys, f"Council {number}", "other authority", actor=LEAD, role="dsl")
    values = {"kind": "called the carer", "date": "2026-11-18", "line": "", "rules": "{}"}
    TypedEntries.open(home, keys).append(
        Entry(generate_id(), NOW, LEAD, "dsl", "action", child, "", values)
    )
    publish_entries(home, keys)
    Drafts.open(home, keys).save_answer("good", NOW.date(), str(number), actor=LEAD, now=NOW)
    Register.open(home, keys).add(
        "access", child, received_on=NOW.date(), requester="carer", actor=LEAD, now=NOW
    )
    vault = Vault.open(home, keys)
    vault.add_number(child, "authority", f"201|{number}")
    vault.save()
    back_up(
        home, home.folder.parent / "disk", now=NOW.replace(minute=number), show_code=lambda _: None
    )


def use_in_a_year(home: Home, number: int) -> None:
    """What happens now and then: a share, a mapping, an erasure in part, a report."""
    keys = Keys.load(home)
    child, *_, last = Vault.open(home, keys).pupils
    shares = Shares.open(home, keys)
    council = recipients.Recipient(f"Council {number}", "other authority")
    share = shares.begin(
        "child", council, "transfer", [child.pupil_id], actor=LEAD, now=NOW, ground="public task"
    )
    shares.finish(share.share_id, f"{number:064x}")
    columns = {"upn": f"UPN {number}"}
    save_mapping(home.folder, Mapping("roll.csv", "rows", columns, ("upn", "name")))
    erase_pupils(
        home, keys, [last], why="retention", now=NOW.replace(minute=number), actor=LEAD,
        role="dsl", partial_tables={last.pupil_id: ("raw_sdq",)}, through=NOW.date(),
    )  # fmt: skip
    Releases.open(home, keys).append(
        build_facts().figures,
        at=NOW,
        kind="termly",
        actor=LEAD,
        role="head",
        name=str(number),
        after=number - 1,
    )
    if number == _LAST:
        people = [admission.sign_in_with_passphrase(home, LEAD, phrase_of(LEAD))]
        loads.lock_lookup(home, keys, people)


def edit_by_hand(home: Home) -> None:
    """What a school may edit, and the lead has confirmed."""
    keys, schedule = Keys.load(home), home.folder / retention.FILE
    settings = home.folder / "settings.toml"
    edit(settings, keys, f"{settings.read_text('utf-8')}\n")
    before = schedule.read_text("utf-8") if schedule.exists() else retention.build_template()
    edit(schedule, keys, f"{before}\n")


def read_all(home: Home) -> Files:
    """Every file of a home and of its keys."""
    places = (home.folder, Keys.load(home).folder)
    files = (path for place in places for path in place.rglob("*") if path.is_file())
    return {path: path.read_bytes() for path in files if path.suffix != ".lock"}


@contextmanager
def replaced(files: Files) -> Iterator[None]:
    """Within the block these are the contents of the files."""
    before = {path: path.read_bytes() for path in files}
    for path, content in files.items():
        path.write_bytes(content)
    try:
        yield
    finally:
        for path, content in before.items():
            path.write_bytes(content)


def list_findings(home: Home) -> set[tuple[str, str]]:
    found = run_checks(Home.open(home.folder), now=NOW, working_folder=home.folder.parent)
    return {(each.subject, each.state) for each in found}


def is_told(home: Home, files: Files, before: set[tuple[str, str]]) -> bool:
    """Whether somebody is told that something is wrong in a home with these files."""
    with replaced(files):
        try:
            return list_findings(home) != before
        except (SafeguardsError, StoreError, ValueError):
            return True


@contextmanager
def believing_the_home() -> Iterator[None]:
    """The control: nothing beside the keys tells what a file was when it was written."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(heads.Heads, "read", lambda _, path: path.read_bytes())
        patch.setattr(Journal, "list_heads", lambda _: ())
        yield


@pytest.mark.slow
def test_a_flipped_bit_is_told_of_every_file(real: Home, count: Count) -> None:
    use(real, 1)
    for number in range(1, _LAST + 1):
        use_in_a_year(real, number)
    edit_by_hand(real)
    before, draw = list_findings(real), rng("heads.flips")
    silent, flips, kinds, unnoticed = [], 0, set[str](), 0
    for path, content in read_all(real).items():
        if not content or any(path.match(pattern) for pattern in _UNREAD):
            continue
        kinds.add(re.sub(r"[0-9a-f]{16}|[0-9]+", "#", path.name))

        def flip(place: int, bit: int, content: bytes = content) -> bytes:
            changed = bytes([content[place] ^ 1 << bit])
            return content[:place] + changed + content[place + 1 :]

        for _ in range(size("heads.flips")):
            flips += 1
            place, bit = draw.randrange(len(content)), draw.randrange(8)
            if not is_told(real, {path: flip(place, bit)}, before):
                silent.append((path.name, place))
        if path.suffix != ".duckdb":  # whose digest is another proof
            with believing_the_home():
                as_told = list_findings(real)
                unnoticed += not is_told(real, {path: flip(len(content) - 2, 0)}, as_told)
    count("heads_flipped", flips, len(silent), unnoticed)
    assert unnoticed > 0
    assert len(kinds) >= _KINDS, sorted(kinds)
    assert list_findings(real) == before
    assert silent == []


@pytest.mark.slow
def test_an_older_file_that_was_put_back_is_told(real: Home, count: Count) -> None:
    """Each of the home that a week changes, alone and with another; and all of the store."""
    older: Files = {}
    for number in range(1, _LAST + 1):
        use(real, number)
        use_in_a_year(real, number)
        edit_by_hand(real)
        if number < _LAST:
            older = {path: old for path, old in read_all(real).items() if "home" in path.parts}
    newer, before = read_all(real), list_findings(real)
    # a version of the store that is in use no more is read by nobody
    changed = [path for path in newer if older.get(path, newer[path]) != newer[path]]
    assert {path.name for path in changed} >= {
        *("CURRENT", "vault.json", "roles.csv", "settings.toml", "recipients.csv", "retention.csv"),
        *("entries.sealed", "drafts.sealed", "rights.sealed", "access.jsonl"),
        *("shares.sealed", "roll-1.toml"),
    }
    pairs = list(itertools.combinations(changed, 2))
    drawn: list[tuple[Path, ...]] = [(each,) for each in changed]
    drawn += rng("heads.pairs").sample(pairs, min(size("heads.pairs"), len(pairs)))
    drawn.append(tuple(path for path in older if path.parent.name == "store" and path in newer))
    put_back = [{path: older[path] for path in paths} for paths in drawn]
    silent = [[*map(str, files)] for files in put_back if not is_told(real, files, before)]
    with believing_the_home():
        as_told = list_findings(real)
        alone = [{path: older[path]} for path in changed]
        unnoticed = sum(not is_told(real, files, as_told) for files in alone)
    count("heads_put_back", len(drawn), len(silent), unnoticed)
    assert silent == []
    assert unnoticed > 0


def test_a_home_that_is_called_a_demo_opens_nothing(real: Home, tmp_path: Path) -> None:
    """No passphrase is asked for in a demo home: one edited word must not make one."""
    description = real.folder / "home.toml"
    description.write_text(description.read_text().replace('"real"', '"demo"'))
    for words in (
        ("sql", "select handle from cohort_member"),
        ("audit", "gap", "--backup-of", "2026-11-20"),
        ("keys", "confirm", "settings.toml"),
        ("retention", "plan"),
        ("backup", "--to", str(tmp_path / "disk")),
    ):
        done = commands.lac(*words, "--home", real.folder)
        assert (done.exit_code, "made as a real folder" in done.stderr) == (2, True), words
