"""What a school does without: not taken in, not shown, not asked for, and nothing lost."""

from pathlib import Path

import pytest

from intake import switches
from intake.problems import IntakeError
from intake.publish.entries import add_fact
from intake.publish.load import rebuild_store
from intake.template import build_template
from queries.contract import ATTAINMENT, EHCP, PEP, SUSPENSIONS
from safeguards.access import access
from safeguards.errors import HomeError, ProofError
from safeguards.home.home import Home
from safeguards.keys.home_of import set_home_of
from safeguards.keys.keys import Keys
from tests.support.commands import lac
from tests.support.schools.good_exports import GOOD, without
from tests.support.schools.small_home import SmallHome


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallHome:
    """The good files, loaded."""
    made = SmallHome(tmp_path)
    made.load()
    monkeypatch.setenv("LAC_KEYS", made.environ["LAC_KEYS"])
    return made


def switch(small: SmallHome, *off: str) -> None:
    """Say what is off, and bring the store up to it."""
    home = Home.open(small.folder)
    switches.save_switches(home, Keys.load(home), off)
    rebuild_store(home)


def count_shown(small: SmallHome, mart: str) -> int:
    """How many rows a lead sees."""
    session = access.open(small.folder, purpose="test", actor="test", role="dsl")
    return session.read(f"from {mart}").height


@pytest.mark.slow
def test_what_is_off_is_hidden_and_comes_back(small: SmallHome) -> None:
    """Its rows stay in the store, and so does everything else."""
    before = {mart: count_shown(small, mart) for mart in ("pupil_pep", "pupil_suspension", "duty")}
    assert before["pupil_suspension"] == 2
    switch(small, PEP.name, SUSPENSIONS.name)
    assert count_shown(small, "pupil_pep") == count_shown(small, "pupil_suspension") == 0
    assert len(small.rows("raw_suspension")) == 2
    switch(small)
    assert {mart: count_shown(small, mart) for mart in before} == before


@pytest.mark.slow
def test_a_file_of_it_is_left_alone_and_named(small: SmallHome) -> None:
    """What else is in the folder is taken, and the rows that are there stay."""
    switch(small, SUSPENSIONS.name)
    more = {**GOOD, SUSPENSIONS.name: "not,even\na,file\n"}
    loaded = small.load(
        {**more, "sdq.csv": GOOD["sdq.csv"].replace(",14,", ",15,").replace("4,2,5,3", "5,2,5,3")}
    )
    assert loaded.version is not None
    assert loaded.problems == ()
    assert loaded.notes == (switches.describe_off(SUSPENSIONS.name),)
    assert "suspensions.csv was ignored" in loaded.notes[0]
    assert len(small.rows("raw_suspension")) == 2
    assert count_shown(small, "pupil_suspension") == 0


def test_nobody_is_asked_for_it(small: SmallHome) -> None:
    """No sheet, no form, no typed row."""
    switch(small, EHCP.name)
    session = access.open(small.folder, purpose="test", actor="test", role="dsl")
    assert (session.has_table("raw_ehcp"), session.has_table("raw_pep")) == (False, True)
    with pytest.raises(IntakeError, match="special educational needs is switched off here"):
        add_fact(session, handle="x y", file=EHCP.name, values={}, where_written="a letter")
    assert build_template(["copper lantern"], [PEP]) != build_template(["copper lantern"])


def test_a_home_without_a_file_is_as_the_registry_says(tmp_path: Path) -> None:
    """So is one that is not made yet."""
    at_first = {name for name, is_kept in switches.AT_FIRST.items() if not is_kept}
    assert switches.find_switched_off(tmp_path / "nowhere") == at_first
    assert {PEP.name, SUSPENSIONS.name} <= switches.AT_FIRST.keys() - at_first
    assert "attendance.csv" not in switches.AT_FIRST


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("file;is_kept\n", "row 1"),
        ("file,is_kept\nroll.csv,no\n", "row 2"),
        ("file,is_kept\npep.csv,no\npep.csv,yes\n", "row 3"),
        ("file,is_kept\npep.csv,perhaps\n", 'row 2, column "is_kept"'),
    ],
)
def test_a_slip_hides_nothing(small: SmallHome, text: str, why: str) -> None:
    """The file is refused with the place, and one that nobody confirmed is not believed."""
    home = Home.open(small.folder)
    keys = Keys.load(home)
    path = home.folder / switches.FILE
    switches.save_switches(home, keys, [])
    path.write_text(text)
    with pytest.raises(ProofError):
        switches.load_switched_off(home, keys)
    keys.heads.confirm(path)
    with pytest.raises(HomeError, match=why):
        switches.load_switched_off(home, keys)
    with pytest.raises(HomeError, match=r"roll\.csv cannot be switched"):
        switches.save_switches(home, keys, ["roll.csv"])


@pytest.mark.slow
def test_the_command_lists_and_switches(small: SmallHome) -> None:
    """A line each, and what was said last holds."""
    said = lac("categories", "--off", "pep.csv", "--home", small.folder)
    assert (said.exit_code, "off pep.csv: education plan" in said.stdout) == (0, True)
    assert count_shown(small, "pupil_pep") == 0
    said = lac("categories", "--on", "pep.csv", "--home", small.folder)
    assert "on  pep.csv: education plan" in said.stdout
    assert lac("categories", "--off", "roll.csv", "--home", small.folder).exit_code == 2
    small.load(without("pep.csv"))
    assert count_shown(small, "pupil_pep") > 0


def test_a_home_of_many_keeps_more_at_first(small: SmallHome) -> None:
    """Attainment is for whom schools' own scales say nothing, until either home says otherwise."""
    home = Home.open(small.folder)
    keys = Keys.load(home)
    of_one = switches.load_switched_off(home, keys)
    set_home_of(keys, "trust")
    of_many = switches.load_switched_off(home, keys)
    assert of_one - of_many == {ATTAINMENT.name}
    assert of_many < of_one
    switches.save_switches(home, keys, [ATTAINMENT.name])
    assert switches.load_switched_off(home, keys) == {ATTAINMENT.name}
