"""The closed list of recipients: kinds of the privacy notice only, and every fault is told."""

from pathlib import Path
from typing import Any

import pytest

from queries.contract.model.category import RECIPIENT_KINDS
from safeguards.access.access import Denied
from safeguards.errors import ShareError
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from stewardship.registers import recipients
from stewardship.registers.recipients import FILE, Recipient, find_recipient, load_recipients
from tests.support import commands
from tests.support.schools.homes import edit, read_log

COUNCIL = Recipient("Quarry Council", "own authority")


@pytest.fixture
def lac(home: Home, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("LAC_KEYS", environ["LAC_KEYS"])
    return lambda *words: commands.lac("share", *words, "--home", home.folder)


def events(home: Home) -> list[tuple[str, str | None]]:
    return [(line["event"], line["purpose"]) for line in read_log(home.folder)]


def test_the_kinds_are_those_of_the_notice() -> None:
    """No governor, inspector, parent, union or press among them."""
    assert tuple(RECIPIENT_KINDS) == (
        "DfE",
        "own authority",
        "other authority",
        "other school",
        "school nurse",
        "looked-after children nurse",
    )


def test_a_home_begins_with_nobody(home: Home, keys: Keys) -> None:
    """With the file that `lac init` writes, and with none."""
    assert load_recipients(home, keys) == ()
    edit(home.folder / FILE, keys, recipients.get_template())
    assert load_recipients(home, keys) == ()
    assert find_recipient(home, keys, "") is None


def test_a_recipient_is_added_and_taken_off_with_a_line_first(
    lac: Any, home: Home, keys: Keys
) -> None:
    empty = lac("recipients")
    assert empty.stdout.startswith("The list is empty.")
    assert "Kinds: DfE, own authority" in empty.stderr
    assert lac("add", COUNCIL.name, "--kind", COUNCIL.kind).exit_code == 0
    assert lac("add", 'Hill, "Top" Júnior', "--kind", "other school").exit_code == 0
    assert load_recipients(home, keys) == (COUNCIL, Recipient('Hill, "Top" Júnior', "other school"))
    assert lac("recipients").stdout.splitlines()[0] == "Quarry Council: own authority"
    assert lac("remove", COUNCIL.name).exit_code == 0
    assert find_recipient(home, keys, COUNCIL.name) is None
    assert lac("remove", COUNCIL.name).stderr == (
        "This name is not on the list. See: lac share recipients\n"
    )
    assert events(home) == [
        ("recipient_added", COUNCIL.name),
        ("recipient_added", 'Hill, "Top" Júnior'),
        ("recipient_removed", COUNCIL.name),
    ]


def test_the_lead_alone_changes_the_list(home: Home, keys: Keys) -> None:
    recipients.add(home, keys, COUNCIL.name, COUNCIL.kind, actor="lead", role="dsl")
    for role in ("pastoral", "teacher", "head", "manager", "none"):
        with pytest.raises(Denied, match="Ask the safeguarding lead"):
            recipients.add(home, keys, "A", "DfE", actor="Sam", role=role)
        with pytest.raises(Denied, match="Ask the safeguarding lead"):
            recipients.remove(home, keys, COUNCIL.name, actor="Sam", role=role)
        assert events(home)[-2:] == [("deny", "recipients")] * 2
    assert load_recipients(home, keys) == (COUNCIL,)


@pytest.mark.parametrize("kind", ["governor", "Ofsted", "parent", "", "dfe", "DfE ", "other"])
def test_no_other_kind_is_added(lac: Any, home: Home, kind: str) -> None:
    refused = lac("add", "Somebody", "--kind", kind)
    assert refused.exit_code == 2
    assert "This kind is not in the privacy notice. Write one of: DfE," in refused.stderr
    assert not (home.folder / FILE).exists()
    assert not (home.log / "access.jsonl").exists()


@pytest.mark.parametrize(
    "name", ["", " ", "Quarry ", " Quarry", "=1+1", "@x", "-x", "a\nb", "a\u200bb", "x" * 81]
)
def test_a_name_prints_and_is_no_formula(home: Home, keys: Keys, name: str) -> None:
    with pytest.raises(ShareError, match="This is not a name"):
        recipients.add(home, keys, name, "DfE", actor="lead", role="dsl")


@pytest.mark.parametrize("name", ["quarry council", "Quarry  Council", "\uff31uarry Council"])
def test_two_that_look_alike_are_not_both_listed(home: Home, keys: Keys, name: str) -> None:
    recipients.add(home, keys, COUNCIL.name, COUNCIL.kind, actor="lead", role="dsl")
    with pytest.raises(ShareError, match="already on the list"):
        recipients.add(home, keys, name, "DfE", actor="lead", role="dsl")
    assert load_recipients(home, keys) == (COUNCIL,)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "recipients.csv, row 1: the first row must be: name,kind"),
        ("kind,name\n", "recipients.csv, row 1: the first row must be: name,kind"),
        ("name;kind\nA;DfE\n", "recipients.csv, row 1: the first row must be: name,kind"),
        ("name,kind\nA,DfE\nB\n", "recipients.csv, row 3: a row must have 2 cells"),
        ("name,kind\nA,B,DfE\n", "recipients.csv, row 2: a row must have 2 cells"),
        ("name,kind\nA,Ofsted\n", 'recipients.csv, row 2, column "kind": this kind is not in'),
        ("name,kind\nA,DfE\n\n,DfE\n", 'recipients.csv, row 4, column "name": this is not a name'),
        (
            "name,kind\nA,DfE\na,DfE\n",
            'recipients.csv, row 3, column "name": this name is already on',
        ),
        ('name,kind\n"A,DfE\n', 'recipients.csv, row 2: a closing " is missing.'),
    ],
)
def test_a_fault_of_the_file_is_told_by_row_and_column(
    home: Home, keys: Keys, text: str, told: str
) -> None:
    """Then nobody is a recipient, and the list is not written anew over it."""
    path = home.folder / FILE
    edit(path, keys, text)
    for use in (
        lambda: load_recipients(home, keys),
        lambda: find_recipient(home, keys, "A"),
        lambda: recipients.add(home, keys, "C", "DfE", actor="lead", role="dsl"),
    ):
        with pytest.raises(ShareError) as raised:
            use()
        assert str(raised.value).startswith(told)
    assert path.read_text() == text


def test_a_file_saved_by_a_spreadsheet_is_read(home: Home, keys: Keys) -> None:
    """With its mark at the start, its ends of lines, and cells in quotes."""
    path = home.folder / FILE
    path.write_bytes(b'\xef\xbb\xbfname,kind\r\n"Quarry Council","own authority"\r\n')
    keys.heads.confirm(path)
    assert load_recipients(home, keys) == (COUNCIL,)
    path.write_bytes("name,kind\nJúnior,other school\n".encode("cp1252"))
    keys.heads.confirm(path)
    with pytest.raises(ShareError, match="Save it as CSV in UTF-8"):
        load_recipients(home, keys)
    path.unlink()
    Path(path).mkdir()
    with pytest.raises(ShareError, match="cannot be read"):
        load_recipients(home, keys)
