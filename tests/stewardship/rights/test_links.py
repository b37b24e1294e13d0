"""Two records that become one child: what was typed about each, and who may still do so."""

from pathlib import Path

import pytest

from intake.current import is_up_to_date
from intake.publish.entries import WAIVER_REASONS, waive_row
from safeguards.access import access
from safeguards.errors import VaultError
from safeguards.home.home import Home
from safeguards.journal.typed_entries import Entry, TypedEntries
from safeguards.keys.keys import Keys
from safeguards.vault.vault import Vault
from stewardship.rights import links
from stewardship.rights.restrict import set_flag
from tests.intake.publish.test_flagged import FAULTY, LONG, MARKS
from tests.support.schools.good_exports import ANN, BEN, added, with_cell
from tests.support.schools.small_home import NOW, SmallHome

pytestmark = pytest.mark.slow


@pytest.fixture
def school(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallHome:
    """Ann and Ben may be one child, and each has a faulty mark that was left at that."""
    made = SmallHome(tmp_path)
    monkeypatch.setenv("LAC_KEYS", made.environ["LAC_KEYS"])
    row = 1 + LONG[MARKS].splitlines().index(f"{BEN},2026-11-16,AM,/")
    made.load(with_cell(MARKS, row, "code", "?", FAULTY))
    session = access.open(made.folder, actor="Sam", role="dsl", purpose="test")
    for source_id, row_number in made.ask("select source_id, row_number from check_left_out"):
        waive_row(
            session,
            source_id=source_id,
            row_number=row_number,
            column_name="code",
            fault="not allowed",
            reason=WAIVER_REASONS[0],
            now=NOW,
        )
    vault = Vault.open(made.home, Keys.load(made.home))
    vault.add_possible_match(made.find(ANN).pupil_id, made.find(BEN).pupil_id)
    vault.save()
    return made


def handle_of(school: SmallHome, child: str) -> str:
    record = Vault.open(school.home, Keys.load(school.home)).find_by_upn(child)
    assert record is not None
    return record.handle


def written(home: Home) -> TypedEntries:
    return TypedEntries.open(home, Keys.load(home))


def test_rows_that_were_left_at_that_do_not_keep_two_records_apart(school: SmallHome) -> None:
    """What was said of either row is said of the one child, by who said it, and erased with it."""
    home, keys, ben = school.home, Keys.load(school.home), school.find(BEN).pupil_id
    said = written(home).list_current()
    assert {each.pupil_id for each in said} == {school.find(ANN).pupil_id, ben}
    assert links.confirm_match(home, keys, handle_of(school, ANN), "Kim") == handle_of(school, BEN)
    now = written(home).list_current()

    def name(entry: Entry) -> tuple[object, ...]:
        return (entry.actor, entry.at, sorted(entry.values.items()))

    assert sorted(map(name, now), key=str) == sorted(map(name, said), key=str)
    assert {each.pupil_id for each in now} == {ben}
    assert is_up_to_date(home, keys)
    school.load(added("calendar.csv", "2026-11-23,INSET", with_cell(MARKS, 2, "code", "?", LONG)))
    assert school.ask("from check_left_out") == []
    entries = written(home)
    entries.forget(lambda entry: entry.pupil_id == ben)
    assert entries.list_entries() == ()


def test_what_was_typed_about_both_children_does(school: SmallHome) -> None:
    session = access.open(school.folder, actor="Kim", role="manager", purpose="rights")
    for child in (ANN, BEN):
        set_flag(session, handle_of(school, child), "objection", in_force=True, now=NOW)
    keys = Keys.load(school.home)
    with pytest.raises(VaultError, match="Entries were typed about both"):
        links.confirm_match(school.home, keys, handle_of(school, ANN), "Kim")
