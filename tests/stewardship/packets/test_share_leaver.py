"""The files of a child who has left: two, by when, the receipt, and who is still owed."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import Result

from queries import reference
from safeguards.access import access
from safeguards.access.access import Denied
from safeguards.errors import ShareError
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from stewardship.packets import holdings, leaver, share
from stewardship.packets.leaver import FILES, PURPOSE, list_owed, record_sent
from stewardship.packets.share import Sharing, record_receipt
from stewardship.registers.recipients import Recipient
from stewardship.registers.requests import get_pupil_record
from stewardship.registers.shares import PROTECTION, Shares
from stewardship.rights.restrict import set_flag
from synthetic.cast.cast import CAST
from tests.support import commands
from tests.support.schools.homes import cast_handles, keys_at, read_log
from tests.support.schools.recipients import with_recipients

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
HILL = Recipient("Hill Top Primary", "other school")
TRANSFER = "Common Transfer File"
COUNCIL = Recipient("Quarry Council", "own authority")
#: Left on Friday 16 October: five school days to half-term, then 2 to 16 November, of which
#: the 12th was closed: ten.
POPPY = next(member for member in CAST if member.person.forename == "Poppy")
LEFT, FIVE, FIFTEEN = date(2026, 10, 16), date(2026, 10, 23), date(2026, 11, 16)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = with_recipients(tmp_path / "home", HILL, COUNCIL)
    monkeypatch.setenv("LAC_KEYS", keys_at(made)["LAC_KEYS"])
    return made


@pytest.fixture
def poppy(folder: Path) -> str:
    return cast_handles(folder)["Poppy"]


def opened(folder: Path, role: str = "dsl") -> access.Session:
    return access.open(folder, actor="lead", role=role, purpose=share.PURPOSE)


def sharing(folder: Path, to: str = HILL.name, now: datetime = NOW) -> Sharing:
    return Sharing(opened(folder), to, PURPOSE, "legal obligation", clock=lambda: now)


def still_owed(folder: Path, handle: str, on: date) -> dict[str, tuple[date | None, bool, bool]]:
    """By what: the last day, whether it is overdue, and whether only the receipt is missing."""
    return {
        each.what: (each.due_on, each.is_overdue(on), each.sent is not None)
        for each in list_owed(opened(folder), on)
        if each.child.handle == handle
    }


# By when


def test_each_file_has_its_rule_and_each_rule_its_file() -> None:
    """Whose clock starts with leaving, in deadline.csv: no second list of days."""
    rules = reference.read("deadline").filter(clock="leaving")
    assert set(rules["rule"]) == FILES.keys()
    assert [*FILES.values()] == [PROTECTION, TRANSFER]


def test_both_are_owed_from_the_day_of_leaving(folder: Path, poppy: str) -> None:
    """Overdue from the day after the last one in time; nobody is shown before leaving."""
    assert still_owed(folder, poppy, date(2026, 10, 15)) == {}
    nothing_sent = {PROTECTION: (FIVE, False, False), TRANSFER: (FIFTEEN, False, False)}
    assert still_owed(folder, poppy, LEFT) == nothing_sent
    assert still_owed(folder, poppy, FIVE) == nothing_sent
    after = still_owed(folder, poppy, date(2026, 10, 24))
    assert after == {PROTECTION: (FIVE, True, False), TRANSFER: (FIFTEEN, False, False)}
    assert still_owed(folder, poppy, date(2026, 11, 17))[TRANSFER] == (FIFTEEN, True, False)


def test_the_protection_file_is_owed_until_its_receipt(folder: Path, poppy: str) -> None:
    """The transfer file until it has been sent."""
    protection, _ = record_sent(sharing(folder), poppy, NOW.date())
    assert still_owed(folder, poppy, NOW.date()) == {PROTECTION: (FIVE, True, True)}
    record_receipt(opened(folder), protection.share_id, NOW.date(), clock=lambda: NOW)
    assert still_owed(folder, poppy, NOW.date()) == {}
    last = [line for line in read_log(folder) if line["event"] == "receipt"]
    assert [(line["purpose"], line["pupil_ids"]) for line in last] == [
        (HILL.name, list(protection.pupil_ids))
    ]


def test_what_went_another_way_is_noted(folder: Path, poppy: str) -> None:
    """Without a passphrase and without a file; the family is told of it too."""
    noted = record_sent(sharing(folder), poppy, date(2026, 10, 20))
    assert [(each.what, each.is_done, each.sha256) for each in noted] == [
        (PROTECTION, True, None),
        (TRANSFER, True, None),
    ]
    assert still_owed(folder, poppy, NOW.date()) == {PROTECTION: (FIVE, True, True)}
    home = Home.open(folder)
    keys = Keys.load(home)
    parts = {
        part.name: part
        for part in holdings.gather_parts(home, keys, get_pupil_record(home, keys, poppy))
    }
    assert [(row["shared_on"], row["what"]) for row in parts["shared"].rows] == [
        (date(2026, 10, 20), PROTECTION),
        (date(2026, 10, 20), TRANSFER),
    ]
    said = [line["purpose"] for line in read_log(folder) if line["event"] == "share"]
    assert said == [f"{HILL.name}, another way: {PURPOSE}"] * 2
    with pytest.raises(ShareError, match="in the future"):
        record_sent(sharing(folder), poppy, date(2026, 11, 21))


def test_what_was_sent_for_an_earlier_stay_does_not_count(folder: Path, poppy: str) -> None:
    """A child who came back and left again is owed both files anew."""
    home = Home.open(folder)
    keys = Keys.load(home)
    rules = holdings.open_whole_store(opened(folder).home, keys).read(leaver._RULES)
    (joined,) = set(
        rules.filter(pupil_id=get_pupil_record(home, keys, poppy).pupil_id)["entry_date"]
    )
    record_sent(sharing(folder), poppy, joined - timedelta(days=1))
    assert still_owed(folder, poppy, LEFT).keys() == {PROTECTION, TRANSFER}
    assert not any(sent for _, _, sent in still_owed(folder, poppy, LEFT).values())
    record_sent(sharing(folder), poppy, joined)
    assert still_owed(folder, poppy, LEFT) == {PROTECTION: (FIVE, False, True)}


def test_a_receipt_is_of_a_day_after_it_went(folder: Path, poppy: str) -> None:
    """And not of one to come; nor twice, nor of what was never written."""
    protection, _ = record_sent(sharing(folder), poppy, NOW.date())
    for day in (date(2026, 11, 19), date(2026, 11, 21)):
        with pytest.raises(ShareError, match="between 2026-11-20 and today"):
            record_receipt(opened(folder), protection.share_id, day, clock=lambda: NOW)
    record_receipt(opened(folder), protection.share_id, NOW.date(), clock=lambda: NOW)
    with pytest.raises(ShareError, match="already a receipt"):
        record_receipt(opened(folder), protection.share_id, NOW.date(), clock=lambda: NOW)
    with pytest.raises(ShareError, match="Nothing was shared with this id"):
        record_receipt(opened(folder), "0A1B2C3D4E", NOW.date(), clock=lambda: NOW)
    home = Home.open(folder)
    register = Shares.open(home, Keys.load(home))
    begun = register.begin(
        PROTECTION,
        HILL,
        PURPOSE,
        protection.pupil_ids,
        actor="lead",
        now=NOW,
        ground="legal obligation",
    )
    with pytest.raises(ShareError, match="No record says that this file was written"):
        record_receipt(opened(folder), begun.share_id, NOW.date(), clock=lambda: NOW)


def test_the_lead_alone_sees_who_is_owed(folder: Path) -> None:
    for role in ("pastoral", "teacher", "head", "manager", "none"):
        held = opened(folder, role)
        with pytest.raises(Denied):
            list_owed(held, NOW.date())
        with pytest.raises(Denied):
            record_receipt(held, "0A1B2C3D4E", NOW.date())
        assert [line["event"] for line in read_log(folder)[-2:]] == ["deny", "deny"]
    list_owed(opened(folder), NOW.date())
    shown = read_log(folder)[-1]
    assert shown["event"] == "leavers"
    assert shown["pupil_ids"]


def test_what_is_refused(folder: Path, poppy: str) -> None:
    """No school, no leaving date, neither file; of a restricted child it may be noted."""
    with pytest.raises(ShareError, match="of the kind other school"):
        record_sent(sharing(folder, COUNCIL.name), poppy, LEFT)
    with pytest.raises(ShareError, match="leaving date is not known"):
        record_sent(sharing(folder), cast_handles(folder)["Ruby"], LEFT)
    with pytest.raises(ShareError, match="The files are"):
        record_sent(sharing(folder), poppy, LEFT, only="everything")
    home = Home.open(folder)
    assert Shares.open(home, Keys.load(home)).list_all() == ()
    set_flag(opened(folder), poppy, "restriction", in_force=True, now=NOW)
    assert record_sent(sharing(folder), poppy, LEFT, only=TRANSFER)


# The commands


def test_the_commands_from_leaving_to_the_receipt(folder: Path, poppy: str) -> None:
    def lac(*arguments: str, answer: str = "") -> Result:
        return commands.lac("share", *arguments, "--home", folder, answer=answer)

    def due() -> list[str]:
        found = lac("due", "--on", "2026-10-24").stdout.splitlines()
        return [line for line in found if line.startswith(poppy)]

    assert due() == [
        f"{poppy}, left 2026-10-16: protection file to be sent, overdue, was due on 2026-10-23",
        f"{poppy}, left 2026-10-16: Common Transfer File to be sent, due by 2026-11-16",
    ]
    about = ("leaver", poppy, "--to", HILL.name)
    assert lac(*about).exit_code == 2
    done = lac(*about, "--went", "2026-10-20")
    assert done.stdout.startswith("Noted: protection file, "), done.output
    (awaited,) = due()
    assert "receipt for the protection file of " in awaited
    share_id = awaited.partition("(")[2].partition(")")[0]
    today = f"{datetime.now(UTC).astimezone():%Y-%m-%d}"
    assert lac("receipt", share_id, "--on", today).stdout == (
        f"Noted: {HILL.name} has the protection file.\n"
    )
    assert due() == []
    assert f"protection file, 1 child, receipt of {today}" in lac("list").stdout
    noted = lac(*about, "--went", "2026-10-20", "--only", TRANSFER)
    assert noted.stdout.startswith("Noted: Common Transfer File, ")
