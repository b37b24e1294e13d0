"""Rows for one recipient: under codes of its own, without restricted children, and as text."""

import csv
import hashlib
import hmac
import io
import json
import random
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.main import app
from intake.publish.entries import log_action
from queries.contract import list_shared_marts
from queries.contract.model.category import EVERYBODY
from queries.views import views
from safeguards.access import access
from safeguards.errors import ShareError
from safeguards.handles import ALPHABET, ID_LENGTH, generate_id
from safeguards.home.home import Home
from safeguards.journal.access_log import is_pupil_id
from safeguards.keys.keys import Keys
from safeguards.keys.passphrase import DEMO_PASSPHRASE
from safeguards.vault.vault import Vault
from stewardship.registers import recipients
from stewardship.registers.recipients import Recipient
from stewardship.registers.requests import get_pupil_record
from stewardship.registers.shares import Share, Shares
from stewardship.rights import holdings
from stewardship.rights.restrict import set_flag
from stewardship.sharing import child as share
from stewardship.sharing.child import Sharing, share_child
from stewardship.sharing.group import COHORTS, derive_code, derive_code_key, share_group
from synthetic import CAST
from tests.support import sizes
from tests.support.schools.homes import cast_handles, demo_home, keys_at

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
PURPOSE = "Attendance of the autumn term"
COUNCIL = Recipient("Quarry Council", "own authority")
DFE = Recipient("DfE", "DfE")
NURSE = Recipient("Nurse", "looked-after children nurse")
ELSEWHERE = Recipient("Another Council", "other authority")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = demo_home(tmp_path / "home")
    monkeypatch.setenv("LAC_KEYS", keys_at(made)["LAC_KEYS"])
    home = Home.open(made)
    for each in (COUNCIL, DFE, NURSE, ELSEWHERE):
        recipients.add(home, Keys.load(home), each.name, each.kind, actor="lead", role="dsl")
    return made


def opened(folder: Path, purpose: str = share.PURPOSE) -> access.Session:
    return access.open(folder, actor="lead", role="dsl", purpose=purpose)


def shared(folder: Path, out: Path, **other: Any) -> Share:
    options = {"to": COUNCIL.name, "mart": "pupil_attendance", "cohort": "looked after", **other}
    sharing = Sharing(opened(folder), options.pop("to"), PURPOSE, "public task", clock=lambda: NOW)
    return share_group(sharing, options.pop("mart"), out, **options)


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8")), strict=True))


# The codes


def codes_of(keys: Keys, children: list[str], *told: str) -> list[str]:
    key = derive_code_key(keys, *told)
    return [derive_code(key, child) for child in children]


def signs(digest: bytes) -> str:
    """A digest as a code would be written, by whoever knows how codes are written."""
    number = int.from_bytes(digest, "big")
    return "".join(ALPHABET[(number >> 5 * place) % 32] for place in range(ID_LENGTH))


def guesses(child: str, *told: str) -> set[str]:
    """What somebody makes of a pupil_id without the key, knowing all else."""
    everything = json.dumps(told).encode()
    texts = [child, child.lower(), *(f"{each}|{child}" for each in (*told, "|".join(told)))]
    digests = [hashlib.new(kind, text.encode()).digest()
               for kind in ("md5", "sha1", "sha256", "sha512") for text in texts]  # fmt: skip
    secrets = [b"", bytes(32), b"export|v1", everything, b"codes|v1|" + everything]
    secrets += [each.encode() for each in told]
    digests += [hmac.digest(secret, child.encode(), "sha256") for secret in secrets]
    found = {signs(digest) for digest in digests}
    return found | {signs(digest[::-1]) for digest in digests}


def test_no_two_recipients_can_join_and_nobody_can_make_a_code(
    keys: Keys, count: sizes.Count
) -> None:
    """Of many children, no code is another recipient's, purpose's or year's, nor a guess.

    The control makes codes of the pupil_id alone, without a key: each is guessed, and each
    is the other recipient's too.
    """
    rng = sizes.rng("share.children")
    children = [generate_id(rng) for _ in range(sizes.size("share.children"))]
    told = [
        (COUNCIL.name, PURPOSE, "2026/27"),
        (DFE.name, PURPOSE, "2026/27"),
        (COUNCIL.name, "Another purpose", "2026/27"),
        (COUNCIL.name, PURPOSE, "2027/28"),
        # the same letters with their ends elsewhere
        ("Quarry", f"Council{PURPOSE}", "2026/27"),
        (f'{COUNCIL.name}", "{PURPOSE}', "", "2026/27"),
    ]
    files = [codes_of(keys, children, *each) for each in told]
    everybody = [code for file in files for code in file]
    assert all(is_pupil_id(code) for code in everybody)
    joined = len(everybody) - len(set(everybody)) + len(set(everybody) & set(children))
    guessed = sum(
        code in guesses(child, *each)
        for file, each in zip(files, told, strict=True)
        for code, child in zip(file, children, strict=True)
    )
    unkeyed = [signs(hashlib.sha256(child.encode()).digest()) for child in children]
    control = sum(
        code in guesses(child, *told[0]) for code, child in zip(unkeyed, children, strict=True)
    )
    count("share.codes", len(everybody), joined + guessed, control)
    assert joined + guessed == 0
    assert control == len(children)


def test_the_same_file_again_has_the_same_codes(
    keys: Keys, home: Home, environ: dict[str, str], tmp_path: Path
) -> None:
    """In one home; in another, with keys of its own, there is none of them."""
    children = [generate_id(random.Random(7)) for _ in range(50)]
    told = (COUNCIL.name, PURPOSE, "2026/27")
    assert codes_of(keys, children, *told) == codes_of(Keys.load(home, environ), children, *told)
    other_environ = {**environ, "LAC_KEYS": str(tmp_path / "other-keys")}
    other = Keys.create(Home(tmp_path / "home", "demo", home.home_id), other_environ)
    assert set(codes_of(keys, children, *told)).isdisjoint(codes_of(other, children, *told))


# The file


def test_the_rows_are_the_marts_under_codes(folder: Path, tmp_path: Path) -> None:
    """Of this academic year, of those who are looked after, and of nobody else."""
    out = tmp_path / "out.csv"
    done = shared(folder, out)
    found = rows(out)
    query = """
        select attendance.* from pupil_attendance as attendance
        inner join cohort_member as members on attendance.pupil_key = members.pupil_key
        where members.is_looked_after and attendance.academic_year = '2026/27' """
    expected = opened(folder).read(query)
    assert len(found) == expected.height > 5
    assert done.pupil_ids == tuple(sorted(expected["pupil_id"]))
    assert tuple(found[0]) == ("code", *list_shared_marts("DfE")["pupil_attendance"].columns)
    home = Home.open(folder)
    key = derive_code_key(Keys.load(home), COUNCIL.name, PURPOSE, "2026/27")
    absent = dict(expected.select("pupil_id", "absent_sessions").iter_rows())
    assert {row["code"]: int(row["absent_sessions"]) for row in found} == {
        derive_code(key, pupil_id): number for pupil_id, number in absent.items()
    }
    codes = [row["code"] for row in found]
    assert codes == sorted(codes)
    records = {each.pupil_id: each for each in Vault.open(home, Keys.load(home)).pupils}
    parts = holdings.gather_parts(home, Keys.load(home), records[done.pupil_ids[0]])
    (of_child,) = (part.rows for part in parts if part.name == holdings.SHARED)
    assert [(row["recipient"], row["what"]) for row in of_child] == [
        (COUNCIL.name, "rows about a group")
    ]


@pytest.mark.parametrize("mart", ["pupil_attendance", "pupil_sdq", "pupil_health"])
def test_nothing_that_names_a_child_is_in_it(folder: Path, tmp_path: Path, mart: str) -> None:
    """No name, number or code of the home; the control finds the codes in the log."""
    out = tmp_path / "out.csv"
    to = COUNCIL if mart == "pupil_attendance" else NURSE
    shared(folder, out, to=to.name, mart=mart)
    content = out.read_text("utf-8")
    home = Home.open(folder)
    records = Vault.open(home, Keys.load(home)).pupils
    marks = [mark for each in records for mark in (each.pupil_id, each.handle)]
    marks += [mark for each in CAST for mark in (each.digits, each.forename, each.surname)]
    assert [mark for mark in marks if mark in content] == []
    assert not {"pupil_key", "pupil_id", "handle", "school_key"} & set(rows(out)[0])
    log = (folder / "log" / "access.jsonl").read_text("ascii").splitlines()
    share_line, shared_line = log[-2:]
    assert json.loads(share_line)["purpose"] == f"{to.name}: {PURPOSE}"
    sha256 = hashlib.sha256(out.read_bytes()).hexdigest()
    assert json.loads(shared_line)["purpose"] == f"sha256 {sha256}"
    assert any(mark in share_line for mark in marks)


def test_two_recipients_copies_have_no_code_in_common(folder: Path, tmp_path: Path) -> None:
    """Nor do the rows stand in one order, which would join them as well."""
    for to in (COUNCIL, DFE):
        shared(folder, tmp_path / f"{to.name}.csv", to=to.name)
    one, other = (rows(tmp_path / f"{to.name}.csv") for to in (COUNCIL, DFE))
    assert {row["code"] for row in one}.isdisjoint(row["code"] for row in other)
    figures = [[{**row, "code": ""} for row in file] for file in (one, other)]
    assert sorted(map(str, figures[0])) == sorted(map(str, figures[1]))
    assert figures[0] != figures[1]


@pytest.mark.slow
def test_restricted_children_and_those_who_object_are_left_out(
    folder: Path, tmp_path: Path
) -> None:
    before = shared(folder, tmp_path / "before.csv")
    handles = cast_handles(folder)
    home = Home.open(folder)
    of = {
        name: get_pupil_record(home, Keys.load(home), handle).pupil_id
        for name, handle in handles.items()
    }
    ruby, other = [handles[name] for name in of if of[name] in before.pupil_ids][:2]
    set_flag(opened(folder), ruby, "restriction", in_force=True, now=NOW)
    set_flag(opened(folder), other, "objection", in_force=True, now=NOW)
    after = shared(folder, tmp_path / "after.csv")
    gone = {get_pupil_record(home, Keys.load(home), handle).pupil_id for handle in (ruby, other)}
    assert set(before.pupil_ids) - set(after.pupil_ids) == gone
    assert len(rows(tmp_path / "after.csv")) == len(rows(tmp_path / "before.csv")) - 2


def test_another_authority_gets_its_own_children(folder: Path, tmp_path: Path) -> None:
    """Only those whom it looks after, by the name that it has in the care file."""
    members = opened(folder).read("from cohort_member where is_looked_after")
    authorities = members["authority"].drop_nulls().unique().to_list()
    assert len(authorities) > 1
    out = tmp_path / "out.csv"
    with pytest.raises(ShareError, match="its own children only"):
        shared(folder, out, to=ELSEWHERE.name)
    done = shared(folder, out, to=ELSEWHERE.name, authority=authorities[0])
    theirs = set(members.filter(authority=authorities[0])["pupil_id"])
    assert set(done.pupil_ids) <= theirs
    with pytest.raises(ShareError, match="no row about these children"):
        shared(folder, tmp_path / "none.csv", to=ELSEWHERE.name, authority="Nowhere")
    assert not (tmp_path / "none.csv").exists()


@pytest.mark.parametrize(
    ("to", "mart", "told"),
    [
        (COUNCIL, "pupil_sdq", "may have: pupil_attendance, pupil_pep, pupil_suspension"),
        (NURSE, "pupil_attendance", "may have: pupil_sdq, pupil_health"),
        (COUNCIL, "cohort_member", "may have"),
        (COUNCIL, "raw_pupil", "may have"),
        (COUNCIL, "pupil_attendance; select 1", "may have"),
    ],
)
def test_a_kind_gets_rows_of_its_marts_only(
    folder: Path, tmp_path: Path, to: Recipient, mart: str, told: str
) -> None:
    with pytest.raises(ShareError, match=told):
        shared(folder, tmp_path / "out.csv", to=to.name, mart=mart)
    last = json.loads((folder / "log" / "access.jsonl").read_text("ascii").splitlines()[-1])
    assert (last["event"], last["purpose"]) == ("deny", "share: rows that the kind may not have")
    with pytest.raises(ShareError, match="A group is one of these"):
        shared(folder, tmp_path / "out.csv", cohort="everybody")
    home = Home.open(folder)
    assert Shares.open(home, Keys.load(home)).list_all() == ()


@pytest.mark.parametrize(
    ("to", "mart", "day"), [(COUNCIL, "pupil_pep", "pep_date"), (NURSE, "pupil_sdq", "sdq_date")]
)
def test_rows_of_earlier_years_stay(
    folder: Path, tmp_path: Path, to: Recipient, mart: str, day: str
) -> None:
    """By them two years' codes could be matched; the control: the mart has some."""
    shared(folder, tmp_path / "out.csv", to=to.name, mart=mart, cohort="looked after")
    days = [row[day] for row in rows(tmp_path / "out.csv")]
    assert days
    assert min(days) >= "2026-08-01"
    assert str(opened(folder).read(f"from {mart}")[day].min()) < "2026-08-01"


def test_what_may_leave_in_rows_is_there_and_names_nobody(folder: Path) -> None:
    """Every column that may leave is its mart's; another school gets no rows of a group."""
    shared_marts = {
        mart: rows for kind in EVERYBODY for mart, rows in list_shared_marts(kind).items()
    }
    assert list_shared_marts("other school") == {}
    session = opened(folder)
    for mart, allowed in shared_marts.items():
        columns = allowed.columns
        assert views.load_views()[mart].layer == "marts"
        there = session.read(f"from {mart}").columns
        assert {*columns, *filter(None, [allowed.year_by])} <= set(there)
        assert {"pupil_id", "handle", "pupil_key", "school_key"}.isdisjoint(columns)
    members = session.read("from cohort_member").columns
    assert set(COHORTS.values()) <= set(members)


def test_a_session_of_another_purpose_shares_nothing(folder: Path) -> None:
    """Such a session of the lead has the restricted children."""
    with pytest.raises(ValueError, match="for that purpose"):
        Sharing(opened(folder, "dashboard"), COUNCIL.name, PURPOSE, "public task")


@pytest.mark.slow
def test_a_cell_that_begins_like_a_formula_is_text(folder: Path, tmp_path: Path) -> None:
    """What somebody typed about a child, in the record of one child."""
    ruby = cast_handles(folder)["Ruby"]
    typed = {"=1+1", "+44 1", "-x", "@sum", "=HYPERLINK(1)"}
    for line in typed:
        action: dict[str, Any] = {"handle": ruby, "kind": "other", "line": line, "now": NOW}
        assert log_action(opened(folder, "dashboard"), **action).entry_id
    out = tmp_path / "out.zip"
    sharing = Sharing(opened(folder), COUNCIL.name, PURPOSE, "public task", clock=lambda: NOW)
    share_child(sharing, ruby, out, passphrase=lambda: DEMO_PASSPHRASE)
    with zipfile.ZipFile(out) as archive:
        text = archive.read("csv/raw_action.csv").decode("utf-8")
        as_it_was = json.loads(archive.read("record.json"))["parts"]["raw_action"]["rows"]
    cells = {cell for row in csv.reader(io.StringIO(text)) for cell in row}
    assert {f"'{line}" for line in typed} <= cells
    assert typed.isdisjoint(cells)
    assert typed <= {row["line"] for row in as_it_was}


def test_the_command_writes_rows(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    arguments = ["share", "group", "--home", str(folder), "--to", COUNCIL.name, "--out", str(out)]
    about = ["--purpose", PURPOSE, "--ground", "public task", "--rows", "pupil_attendance"]
    done = CliRunner().invoke(app, [*arguments, *about])
    assert done.exit_code == 0, done.output
    assert rows(out)
    listed = CliRunner().invoke(app, ["share", "list", "--home", str(folder)]).stdout
    assert f"{COUNCIL.name}: rows about a group, " in listed
