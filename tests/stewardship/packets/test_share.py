"""What leaves about a child: for listed recipients only, logged first, and told of afterwards."""

import csv
import hashlib
import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli.main import app
from queries.contract import list_shared_parts
from queries.contract.model.category import RECIPIENT_KINDS
from safeguards.access import access, identify
from safeguards.access.access import Denied
from safeguards.access.identify import IdentityRefused
from safeguards.errors import LogError, PassphraseError, ShareError
from safeguards.files import write_new
from safeguards.home.home import Home
from safeguards.journal.access_log import AccessLog
from safeguards.keys.keys import Keys
from safeguards.keys.passphrase import DEMO_PASSPHRASE
from safeguards.vault.records import PupilRecord
from safeguards.vault.vault import Vault
from stewardship.packets import holdings, share
from stewardship.packets.draft import make_draft
from stewardship.packets.share import Sharing, share_child
from stewardship.registers import recipients
from stewardship.registers.recipients import Recipient
from stewardship.registers.requests import get_pupil_record
from stewardship.registers.shares import Share, Shares
from stewardship.rights import erase, links
from stewardship.rights.restrict import set_flag
from synthetic.cast.cast import CAST
from tests.support import commands
from tests.support.schools.homes import cast_handles, keys_at, read_log
from tests.support.schools.real_home import LEAD, PEOPLE, phrase_of, real_home
from tests.support.schools.recipients import with_recipients

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
PURPOSE = "Strategy meeting on 23 November"
GROUND = "public task"
COUNCIL = Recipient("Quarry Council", "own authority")
NURSE = Recipient("School nurse, Quarry clinic", "school nurse")
RUBY = next(member for member in CAST if member.person.forename == "Ruby")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = with_recipients(tmp_path / "home", COUNCIL, NURSE, children=4)
    monkeypatch.setenv("LAC_KEYS", keys_at(made)["LAC_KEYS"])
    return made


@pytest.fixture
def ruby(folder: Path) -> str:
    return cast_handles(folder)["Ruby"]


def session(folder: Path, role: str = "dsl") -> access.Session:
    return access.open(folder, actor="lead", role=role, purpose="share")


def told(folder: Path) -> list[tuple[str, str]]:
    """What the log says but of opening the home and of its list, as event and purpose."""
    said = [(line["event"], line["purpose"]) for line in read_log(folder)]
    return [each for each in said if each[0] not in ("open", "load", "recipient_added")]


def shares(folder: Path) -> tuple[Share, ...]:
    home = Home.open(folder)
    return Shares.open(home, Keys.load(home)).list_all()


def shared(folder: Path, handle: str, out: Path, **other: Any) -> Share:
    """Shared as it should be, but for what the test says."""
    options = {
        "to": COUNCIL.name,
        "purpose": PURPOSE,
        "ground": GROUND,
        "role": "dsl",
        "passphrase": DEMO_PASSPHRASE,
        **other,
    }
    sharing = Sharing(
        session(folder, options["role"]),
        options["to"],
        options["purpose"],
        options["ground"],
        clock=lambda: NOW,
    )
    only = options.get("only", ())
    return share_child(sharing, handle, out, passphrase=lambda: options["passphrase"], only=only)


def files_in(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode("utf-8") for name in archive.namelist()}


def record_of(folder: Path, handle: str) -> PupilRecord:
    home = Home.open(folder)
    return get_pupil_record(home, Keys.load(home), handle)


# One child


def test_a_record_is_of_one_child_by_name_and_number(
    folder: Path, ruby: str, tmp_path: Path
) -> None:
    """And has none of the codes by which the store, the log or the register know the child."""
    out = tmp_path / "out.zip"
    shared(folder, ruby, out)
    texts = files_in(out.read_bytes())
    found = json.loads(texts["record.json"])
    assert (found["child"], found["upn"]) == (
        f"{RUBY.person.forename} {RUBY.person.surname}",
        RUBY.upn,
    )
    assert (found["for"], found["purpose"]) == (COUNCIL.name, PURPOSE)
    assert found["from"] == "Quarry Lane Junior School"
    assert {"identity", "contacts", "raw_mark", "raw_care_episode"} <= found["parts"].keys()
    assert found["parts"].keys() <= set(list_shared_parts("own authority"))
    everything = "".join(texts.values())
    home = Home.open(folder)
    for each in Vault.open(home, Keys.load(home)).pupils:
        assert each.pupil_id not in everything
        assert each.handle not in everything
    others = {member.upn for member in CAST} - {RUBY.upn}
    assert not any(upn in everything for upn in others)
    assert RUBY.person.surname in texts["record.html"]
    rows = list(csv.DictReader(io.StringIO(texts["csv/raw_mark.csv"])))
    assert rows
    assert "review" not in rows[0]


def test_a_kind_gets_what_it_may_have_and_no_more(folder: Path, ruby: str, tmp_path: Path) -> None:
    """A nurse gets no register; a part may be named alone, with the identity."""
    shared(folder, ruby, tmp_path / "nurse.zip", to=NURSE.name)
    parts = json.loads(files_in((tmp_path / "nurse.zip").read_bytes())["record.json"])["parts"]
    assert {"identity", "raw_sdq", "raw_health"} <= parts.keys()
    assert parts.keys() <= set(list_shared_parts("school nurse"))
    shared(folder, ruby, tmp_path / "sdq.zip", to=NURSE.name, only=("sdq",))
    parts = json.loads(files_in((tmp_path / "sdq.zip").read_bytes())["record.json"])["parts"]
    assert parts.keys() == {"identity", "raw_sdq"}
    with pytest.raises(ShareError, match="may be sent only these parts: identity, contacts"):
        shared(folder, ruby, tmp_path / "marks.zip", to=NURSE.name, only=("mark",))
    assert told(folder)[-1] == ("deny", "share: a part that the kind may not have")


def test_every_part_of_a_kind_is_one_that_a_record_can_have(folder: Path) -> None:
    """And none is of the program's own: who looked, requests, what was typed, other shares."""
    path = Home.open(folder).store / "store-1.duckdb"
    tables = set(
        holdings.fetch_tables_with_children(
            access.open_store(path, Keys.load(Home.open(folder)).store)
        )
    )
    for kind in RECIPIENT_KINDS:
        parts = list_shared_parts(kind)
        assert set(parts) <= (tables - {"raw_pupil"}) | {"identity", "contacts"}
        assert "identity" in parts
        assert {"raw_restriction", "raw_objection"}.isdisjoint(parts)


def test_the_home_learns_no_name_from_it(folder: Path, ruby: str, tmp_path: Path) -> None:
    """The control: the same search finds each in the record that left."""
    shared(folder, ruby, tmp_path / "out.zip")
    marks = [RUBY.person.surname.encode(), RUBY.digits.encode()]
    left = "".join(files_in((tmp_path / "out.zip").read_bytes()).values()).encode()
    assert all(mark in left for mark in marks)
    for path in folder.rglob("*"):
        if path.is_file():
            assert not any(mark in path.read_bytes() for mark in marks), path


# The log and the register


def test_the_line_is_on_the_disk_before_the_file_appears(
    folder: Path, ruby: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its recipient and purpose, then the file's SHA-256; and so in the register."""
    seen: list[dict[str, Any]] = []

    def look(path: Path, content: bytes) -> None:
        seen.append(read_log(folder)[-1])
        assert [each.is_done for each in shares(folder)] == [False]
        write_new(path, content)

    monkeypatch.setattr(share, "write_new", look)
    out = tmp_path / "out.zip"
    done = shared(folder, ruby, out)
    pupil_id = record_of(folder, ruby).pupil_id
    (before,) = seen
    assert (before["event"], before["actor"], before["role"]) == ("share", "lead", "dsl")
    assert before["pupil_ids"] == [pupil_id]
    sha256 = hashlib.sha256(out.read_bytes()).hexdigest()
    assert told(folder) == [
        ("identify", PURPOSE),
        ("share", f"{COUNCIL.name}: {PURPOSE}"),
        ("shared", f"sha256 {sha256}"),
    ]
    assert shares(folder) == (done,)
    assert (done.recipient, done.kind, done.sha256) == (COUNCIL.name, COUNCIL.kind, sha256)
    assert (done.pupil_ids, done.shared_on) == ((pupil_id,), NOW.date())


def test_the_longest_recipient_and_purpose_stand_whole_in_the_log(
    folder: Path, ruby: str, tmp_path: Path
) -> None:
    home = Home.open(folder)
    name, purpose = "Q" * 80, "p" * 100
    recipients.add(home, Keys.load(home), name, "DfE", actor="lead", role="dsl")
    shared(folder, ruby, tmp_path / "out.zip", to=name, purpose=purpose)
    assert ("share", f"{name}: {purpose}") in told(folder)


def test_without_its_lines_there_is_no_file(
    folder: Path, ruby: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever of the three lines cannot be written: identity, share, or what was written."""
    append, left = AccessLog.append, 0
    sharing = Sharing(session(folder), COUNCIL.name, PURPOSE, GROUND, clock=lambda: NOW)

    def fills(self: AccessLog, event: Any) -> None:
        nonlocal left
        if not left:
            raise LogError("full")
        left -= 1
        append(self, event)

    monkeypatch.setattr(AccessLog, "append", fills)
    out = tmp_path / "out.zip"
    for after in range(3):
        left = after
        with pytest.raises(LogError):
            share_child(sharing, ruby, out, passphrase=lambda: DEMO_PASSPHRASE)
        assert not out.exists()
        assert not any(each.is_done for each in shares(folder))


def test_a_file_that_cannot_be_written_is_no_share(
    folder: Path, ruby: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of it does not stay; the register says that nothing can have reached anybody."""

    def full(path: Path, _: bytes) -> None:
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(share, "write_new", full)
    out = tmp_path / "out.zip"
    with pytest.raises(ShareError, match="No space left on device"):
        shared(folder, ruby, out)
    assert not out.exists()
    assert [each.is_done for each in shares(folder)] == [False]


def test_the_family_is_told_who_got_what(folder: Path, ruby: str, tmp_path: Path) -> None:
    """In the zip for a request for access; another child's has nothing of it."""
    shared(folder, ruby, tmp_path / "out.zip")
    texts, others = (
        files_in(make_draft(session(folder), handle, NOW))
        for handle in (ruby, cast_handles(folder)["Mason"])
    )
    found = json.loads(texts["everything.json"])
    assert found["shared_with"].startswith("lac-monitor has written files about this child")
    assert found["parts"]["shared"]["rows"] == [
        {
            "shared_on": "2026-11-20",
            "recipient": COUNCIL.name,
            "kind": COUNCIL.kind,
            "what": "one child's record",
            "purpose": PURPOSE,
            "ground": GROUND,
            "was_sent": True,
            "receipt_on": None,
            "review": "",
        }
    ]
    assert COUNCIL.name in texts["everything.html"]
    assert "who we told about you (once)" in texts["for-the-child.html"]
    other = json.loads(others["everything.json"])
    assert other["shared_with"].startswith("lac-monitor has written no file about this child")
    assert "shared" not in other["parts"]


# What is refused


def test_nobody_else_shares_even_with_the_passphrase(
    folder: Path, ruby: str, tmp_path: Path
) -> None:
    for number, role in enumerate(("pastoral", "teacher", "head", "manager", "none"), start=1):
        with pytest.raises(Denied, match="Ask the safeguarding lead"):
            shared(folder, ruby, tmp_path / "out.zip", role=role)
        assert told(folder) == [("deny", "share")] * number
    assert not (tmp_path / "out.zip").exists()


@pytest.mark.parametrize(
    "stranger", ["", "*", "Ofsted", "Quarry", "quarry council", "Quarry Council ", "own authority",
                 "Quarry\u200bCouncil", "\uff31uarry Council", "../recipients"]
)  # fmt: skip
def test_who_is_not_on_the_list_as_it_is_spelled_gets_nothing(
    folder: Path, ruby: str, tmp_path: Path, stranger: str
) -> None:
    """It is refused and logged, without the name that was typed."""
    with pytest.raises(ShareError, match="not on the school's list"):
        shared(folder, ruby, tmp_path / "out.zip", to=stranger)
    assert told(folder) == [("deny", "share: recipient not on the list")]
    assert not (tmp_path / "out.zip").exists()
    assert shares(folder) == ()


def test_a_purpose_has_10_to_100_characters_and_a_share_a_ground(
    folder: Path, ruby: str, tmp_path: Path
) -> None:
    """One of the law's that a school has; its refusal is in the log, and no file is there."""
    out = tmp_path / "out.zip"
    for purpose in ("", "short", "  a  b  c  ", "x" * 101, "\n" * 20, "\x1b[2J is no purpose"):
        with pytest.raises(ShareError, match="10 to 100 printable characters"):
            shared(folder, ruby, out, purpose=purpose)
    assert told(folder) == []
    for number, ground in enumerate(("", "legitimate interests", "a good cause"), start=1):
        with pytest.raises(ShareError, match="the lawful basis"):
            shared(folder, ruby, out, ground=ground)
        assert told(folder) == [("deny", "share: no ground")] * number
    assert not out.exists()


def test_a_faulty_list_lets_nothing_out(folder: Path, ruby: str, tmp_path: Path) -> None:
    """The fault is told, and logged as a refusal."""
    with (folder / recipients.FILE).open("a", encoding="utf-8") as file:
        file.write("Governors,governor\n")
    for match in ("replaced by an older copy", 'row 4, column "kind"'):
        with pytest.raises(ShareError, match=match):
            shared(folder, ruby, tmp_path / "out.zip")
        Keys.load(Home.open(folder)).heads.confirm(folder / recipients.FILE)
    assert told(folder) == [("deny", "share: faulty list of recipients")] * 2


def test_a_restricted_child_is_not_shared(folder: Path, ruby: str, tmp_path: Path) -> None:
    """Not even by the lead, who still sees the child; until the restriction has ended."""
    out = tmp_path / "out.zip"
    set_flag(session(folder), ruby, "restriction", in_force=True, now=NOW)
    with pytest.raises(ShareError, match="restricted: it is kept but not used"):
        shared(folder, ruby, out)
    last = read_log(folder)[-1]
    assert (last["event"], last["purpose"]) == ("deny", "share: restricted")
    assert last["pupil_ids"] == [record_of(folder, ruby).pupil_id]
    assert not out.exists()
    set_flag(session(folder), ruby, "restriction", in_force=False, now=NOW)
    assert shared(folder, ruby, out).is_done


def test_other_ways_to_get_nothing(folder: Path, ruby: str, tmp_path: Path) -> None:
    out = tmp_path / "out.zip"
    with pytest.raises(ShareError, match="no child with this code name"):
        shared(folder, "no such", out)
    with pytest.raises(PassphraseError):
        shared(folder, ruby, out, passphrase="five words that are wrong")
    assert not out.exists()
    with pytest.raises(ShareError, match="outside the school's folder"):
        shared(folder, ruby, folder / "written" / "out.zip")
    with pytest.raises(ShareError, match="There is no folder"):
        shared(folder, ruby, tmp_path / "absent" / "out.zip")
    out.write_text("mine")
    with pytest.raises(ShareError, match="already exists"):
        shared(folder, ruby, out)
    assert out.read_text() == "mine"
    assert shares(folder) == ()


def test_it_counts_as_opening_an_identity(
    folder: Path, ruby: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So many an hour, as by any other way: ten (see test_identify), here one."""
    monkeypatch.setattr(identify, "MAX_PER_HOUR", 1)
    shared(folder, ruby, tmp_path / "out.zip")
    with pytest.raises(IdentityRefused, match="most"):
        shared(folder, ruby, tmp_path / "more.zip")
    assert not (tmp_path / "more.zip").exists()


# Children who go, and two who are one


def test_an_erased_child_is_taken_out_of_the_register(
    folder: Path, ruby: str, tmp_path: Path
) -> None:
    """That something was shared, and with whom, stays; the purpose goes with the child."""
    shared(folder, ruby, tmp_path / "out.zip")
    home = Home.open(folder)
    keys = Keys.load(home)
    record = record_of(folder, ruby)
    assert erase.plan_erasure(home, keys, record).shares == 1
    erase.erase_pupils(home, keys, [record], why="request", now=NOW, actor="lead", role="dsl")
    (left,) = shares(folder)
    assert (left.pupil_ids, left.purpose, left.recipient) == ((), "erased", COUNCIL.name)
    assert left.is_done


def test_two_records_that_become_one_keep_what_was_shared(
    folder: Path, ruby: str, tmp_path: Path
) -> None:
    shared(folder, ruby, tmp_path / "out.zip")
    home = Home.open(folder)
    keys = Keys.load(home)
    vault = Vault.open(home, keys)
    mason = cast_handles(folder)["Mason"]
    vault.add_possible_match(record_of(folder, ruby).pupil_id, record_of(folder, mason).pupil_id)
    vault.save()
    kept = links.confirm_match(home, keys, ruby, "lead")
    assert kept == mason
    assert [each.pupil_ids for each in shares(folder)] == [(record_of(folder, mason).pupil_id,)]


# The command


def test_the_command_writes_lists_and_refuses(folder: Path, ruby: str, tmp_path: Path) -> None:
    def lac(*arguments: str, answer: str = f"{DEMO_PASSPHRASE}\n") -> Result:
        return commands.lac("share", *arguments, "--home", folder, answer=answer)

    assert lac("list").stdout == "Nothing was shared.\n"
    out = tmp_path / "out.zip"
    about = ("child", ruby, "--purpose", PURPOSE, "--ground", GROUND, "--out", str(out))
    refused = lac(*about, "--to", "Ofsted", answer="")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "not on the school's list" in refused.stderr
    done = lac(*about, "--to", COUNCIL.name)
    assert done.exit_code == 0, done.output
    assert f"{out} is for {COUNCIL.name}. The file is not encrypted" in done.stdout
    (listed,) = lac("list").stdout.splitlines()
    assert f"{COUNCIL.name}: one child's record, 1 child; purpose: {PURPOSE}" in listed
    assert ruby not in listed
    assert lac(*about, "--to", COUNCIL.name, answer="").stderr == (
        f"{out} already exists. Choose another name.\n"
    )


def test_in_a_real_home_the_lead_signs_in_and_is_asked_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What opens the identity is the passphrase of signing in; nobody else gets so far."""
    folder = real_home(tmp_path / "home")
    monkeypatch.setenv("LAC_KEYS", keys_at(folder)["LAC_KEYS"])
    home = Home.open(folder)
    keys = Keys.load(home)
    recipients.add(home, keys, COUNCIL.name, COUNCIL.kind, actor=LEAD, role="dsl")
    handle = Vault.open(home, keys).pupils[0].handle
    out = tmp_path / "out.zip"
    where = ["--home", str(folder)]
    about = ["share", "child", handle, "--to", COUNCIL.name, "--purpose", PURPOSE,
             "--ground", GROUND, "--out", str(out), *where]  # fmt: skip
    manager = PEOPLE["manager"]
    for arguments in (about, ["share", "list", *where]):
        told_off = CliRunner().invoke(
            app, [*arguments, "--as", manager], input=f"{phrase_of(manager)}\n"
        )
        assert told_off.exit_code == 2
        assert "The role manager cannot share data. Ask the safeguarding lead." in told_off.stderr
    assert not out.exists()
    done = CliRunner().invoke(app, about, input=f"{phrase_of(LEAD)}\n")
    assert done.exit_code == 0, done.output
    assert [(line["event"], line["actor"]) for line in read_log(folder)][-3:] == [
        ("identify", LEAD),
        ("share", LEAD),
        ("shared", LEAD),
    ]
    assert json.loads(files_in(out.read_bytes())["record.json"])["upn"]
    assert "Made-up data" not in files_in(out.read_bytes())["record.html"]


def test_a_session_of_another_purpose_shares_nothing(folder: Path) -> None:
    """Such a session of the lead has the restricted children."""
    reader = access.open(folder, actor="lead", role="dsl", purpose="dashboard")
    with pytest.raises(ValueError, match="for that purpose"):
        Sharing(reader, COUNCIL.name, PURPOSE, GROUND)
