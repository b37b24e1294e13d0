"""Bring in files: from an empty home to Today, what the business manager is not shown, undo."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard.bring_in import changes
from dashboard.server.sessions import FRESH_PERIOD, ActiveSignIns
from queries.contract import ALL_EXPORTS
from safeguards.access import admission
from safeguards.home.home import Home, create_demo
from safeguards.keys.home_of import set_home_of
from safeguards.keys.keys import Keys
from tests.support.commands import lac
from tests.support.schools.good_exports import ANN, BEN, GOOD, Files, with_cell
from tests.support.schools.homes import keys_at
from tests.support.schools.real_home import BROWSER, LEAD, at_one_browser, phrase_of
from tests.support.web.site import is_heading, read_tables, read_values, switch_page

_APP = Path(dashboard.__file__).parent / "app.py"

Opened = Callable[[str], AppTest]


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """The dashboard in a role, on a home into which nothing was loaded."""
    home = tmp_path / "home"
    environ = keys_at(home)
    Keys.create(create_demo(home), environ)

    def start(role: str) -> AppTest:
        settings = {**environ, "LAC_HOME": f"{home}", "LAC_ROLE": role, "LAC_COOKIE": "lac_8501"}
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        return AppTest.from_file(f"{_APP}", default_timeout=60).run()

    return start


def drop(at: AppTest, files: Files) -> AppTest:
    coming = [(name, text.encode(), "text/csv") for name, text in files.items()]
    at.file_uploader[0].set_value(coming)
    return at.run()


def press(at: AppTest, label: str) -> AppTest:
    (button,) = (each for each in at.button if each.label == label)
    button.click()
    return at.run()


def texts(at: AppTest) -> str:
    said = read_values(at, "markdown", "error", "success", "title", "html")
    return unescape("\n".join(said))


def test_a_manager_starts_a_home_and_goes_back(opened: Opened) -> None:
    at = opened("manager")
    assert "No files have been loaded yet" in texts(at)
    drop(at, GOOD)
    assert "3 children would be shown, with data up to Wednesday 18 November 2026." in texts(at)
    press(at, "Load these files")
    assert "Loaded: 3 children and 25 marks, up to Wednesday 18 November 2026." in texts(at)
    assert [each.proto.label for each in at.get("page_link")] == []  # who sees no child's page
    switch_page(at, "bring_in").run()
    drop(at, with_cell("attendance.csv", 2, "code", "I"))
    assert "No children would be added, and no children would leave the roll." in texts(at)
    press(at, "Load these files")
    at.checkbox[0].check()
    at.run()
    press(at, "Undo the latest load")
    assert "The latest load was undone." in texts(at)
    at.checkbox[0].check()
    at.run()
    assert "There is no earlier version to go back to." in texts(press(at, "Undo the latest load"))


def test_a_fault_is_told_by_row_and_column_and_its_value_to_the_lead_alone(opened: Opened) -> None:
    files = with_cell("sdq.csv", 2, "date", "2026-02-30")
    for role, said in (
        ("manager", "date is not a real date."),
        ("dsl", 'date "2026-02-30" is not a real date.'),
    ):
        found = texts(drop(opened(role), files))
        assert said in found
        assert "sdq.csv: 1 of 4 rows would be left out" in found.replace("\\", "")
        assert "1 fault in 1 file." in found
    assert "2026-02-30" not in texts(drop(opened("manager"), files))


def test_a_grid_of_the_schools_own_is_asked_about_once(opened: Opened) -> None:
    at = opened("dsl")
    others = {name: text for name, text in GOOD.items() if name != "attendance.csv"}
    grid = f"UPN,16 Nov AM,16 Nov PM\n{ANN},/,/\n{BEN},I,I\n"
    drop(at, {**others, "5E.csv": grid})
    assert "This looks like your attendance, in which a column is a session." in texts(at)
    (asked,) = (each for each in at.text_input if "no year" in each.label)
    asked.set_value("2026")
    at.run()
    assert f"{ANN[0]}•••" in texts(at)
    assert ANN not in texts(at)
    press(at, "Yes, always read such files like this")
    assert "5E.csv was read as attendance.csv, by the mapping for such files." in texts(at)
    press(at, "Load these files")
    assert is_heading(at.title[0].value, "bring_in")  # where it says what came in
    assert any(str(each.value).startswith("Loaded: ") for each in at.success)
    assert "Register up to Monday 16 November 2026" in texts(at)


def test_a_start_of_care_that_nobody_knows_is_a_tick(opened: Opened) -> None:
    at = opened("dsl")
    others = {name: text for name, text in GOOD.items() if name != "care_episodes.csv"}
    care = f"Pupil UPN,Status,Start date,End date,Care authority\n{ANN},looked after,,,Northmoor\n"
    drop(at, {**others, "care list.csv": care})
    (tick,) = (each for each in at.checkbox if "without a start" in each.label)
    assert "Yes, always read such files like this" not in {each.label for each in at.button}
    tick.check()
    at.run()
    press(at, "Yes, always read such files like this")
    assert "rows without a start date, which count from" in texts(at)
    press(at, "Load these files")
    assert any(str(each.value).startswith("Loaded: 1 child") for each in at.success)


def test_a_monday_is_drop_and_load(opened: Opened) -> None:
    """Against the home's own roll, care episodes and calendar; nothing is asked."""
    at = opened("dsl")
    others = {name: text for name, text in GOOD.items() if name != "attendance.csv"}
    drop(at, {**others, "5E.csv": f"UPN,16/11/2026 AM,16/11/2026 PM\n{ANN},/,/\n{BEN},I,I\n"})
    press(at, "Yes, always read such files like this")
    press(at, "Load these files")
    drop(at, {"5E.csv": f"UPN,16/11/2026 AM,16/11/2026 PM\n{ANN},L,/\n{BEN},I,I\n,I,I\n"})
    said = texts(at)
    for line in (
        "The roll used is the one loaded on",
        "5E.csv: 6 marks of 2 children on 1 day: 4 taken, 2 left out.",
        "5E.csv: 1 row left out: they have marks and no UPN (row 4).",
        "Earlier rows about 1 child would change or be removed: ",
    ):
        assert line in said
    assert not at.text_input
    press(at, "Load these files")
    assert any(str(each.value).startswith("Loaded: ") for each in at.success)


def test_the_small_files_of_a_start_may_be_typed(opened: Opened) -> None:
    at = opened("manager")
    typed = [line.split(",") for line in GOOD["care_episodes.csv"].splitlines()]
    places = [typed[0].index(name) for name in ("upn", "status", "start", "authority", "end")]
    care = [", ".join(row[place] for place in places) for row in typed[1:]]
    at.text_input[0].set_value("0019999")
    at.text_input[1].set_value("Brook Lane Junior School")
    at.radio[0].set_value("junior")
    at.text_area[0].set_value("term, 02/11/2026, 18/12/2026\nINSET, 30/10/2026")
    at.text_area[1].set_value("\n".join(care))
    drop(at, {name: GOOD[name] for name in ("roll.csv", "attendance.csv")})
    assert "Nothing to fix in" in texts(at)
    files = read_tables(at)[0]
    rows = dict(zip(files["Taken as"], files["Rows"], strict=True))
    assert (rows["terms"], rows["roll"], rows["care episodes"]) == ("2", "4", "5")
    press(at, "Load these files")
    assert "Loaded: 3 children and" in texts(at)
    assert "up to Thursday 19 November 2026" in texts(at)


def test_cells_of_a_spreadsheet_may_be_pasted() -> None:
    """With tabs between, or as a person types them."""
    pasted, typed = (
        changes.build_typed_files([], {"terms.csv": text}, date(2026, 11, 20))
        for text in ("term\t02/11/2026\t18/12/2026\r\n", " term, 02/11/2026, 18/12/2026")
    )
    assert pasted == typed


def test_what_a_first_load_still_needs_is_said_in_words_with_the_form_open(opened: Opened) -> None:
    """Until something was dropped nothing is missing; files of other names are no faults."""
    at = opened("manager")
    assert not at.expander[0].proto.expanded
    drop(at, {"roll.csv": GOOD["roll.csv"]})
    said = texts(at)
    assert at.expander[0].proto.expanded
    assert all(changes.MISSING[each] in said for each in ("school.csv", "calendar.csv"))
    assert changes.NOT_YET in said
    assert "folder" not in said
    assert {each.name for each in ALL_EXPORTS if each.required} == changes.MISSING.keys()


def test_a_letter_that_may_mean_present_is_asked_about(opened: Opened) -> None:
    """P is the code for sport, unless somebody is marked present in the usual way beside it."""
    at = opened("dsl")
    for marks, is_asked in (("p,p", True), ("p,/", False)):
        grid = f"UPN,Mon 16 Nov 2026 AM,Mon 16 Nov 2026 PM\n{ANN},{marks}\n{BEN},I,I\n"
        drop(at, {"5E.csv": grid})
        assert any('"p" mean' in each.label for each in at.text_input) == is_asked


def test_a_return_of_an_authority_is_asked_whose_it_is(opened: Opened) -> None:
    at = opened("dsl")
    episodes = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,"
    episodes += "HOME_POST,PL_POST,URN\nX1,14/05/2024,S,C1,N1,U6,PR1,,,,,,\n"
    header = f"CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\nX1,M,28/08/2018,WBRI,{BEN},,\n"
    others = {name: text for name, text in GOOD.items() if name != "care_episodes.csv"}
    drop(at, {**others, "header.csv": header, "episodes.csv": episodes})
    assert "do not say which local authority" in texts(at)
    (asked,) = (each for each in at.text_input if "local authority sent" in each.label)
    asked.set_value("Ashmere")
    at.run()
    assert "1 child would be shown" in texts(at)


def test_what_cannot_be_read_is_told_in_words(opened: Opened) -> None:
    at = opened("manager")
    drop(at, {"roll.xls": "x"})
    assert "is a kind of workbook that is not read" in texts(at)
    at.file_uploader[0].set_value([("a.csv", b"x", "text/csv"), ("a.csv", b"y", "text/csv")])
    assert "Two files are called a.csv." in texts(at.run())


@pytest.mark.parametrize("role", ["pastoral", "teacher", "head", "none"])
def test_nobody_else_is_offered_anything(opened: Opened, role: str) -> None:
    at = opened(role)
    assert [each.value for each in at.title] == ["Nothing has been loaded yet"]
    assert not at.file_uploader


def test_an_authoritys_empty_home_speaks_of_its_own_people(tmp_path: Path, opened: Opened) -> None:
    home = tmp_path / "home"
    set_home_of(Keys.load(Home.open(home), keys_at(home)), "authority")
    assert "The Virtual School head or the data officer can bring in" in texts(opened("none"))


def test_a_workbook_of_a_first_load_asks_nobody_to_sign_in_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is held yet, and the page has no way back from a provider's sign-in."""
    home, presences = tmp_path / "home", ActiveSignIns()
    at_one_browser(home, monkeypatch, presences)
    told, phrase = ("--school", "Ours", "--lead", LEAD, "--deputy", ""), phrase_of(LEAD)
    assert lac("init", "--home", home, *told, answer=f"{phrase}\n" * 2).exit_code == 0
    admitted = admission.sign_in_with_passphrase(Home.open(home), LEAD, phrase)
    presences.sign_in(BROWSER, replace(admitted, at=admitted.at - FRESH_PERIOD))
    at = press(
        AppTest.from_file(f"{_APP}", default_timeout=60).run(), "Create a workbook to fill in"
    )
    assert [each.proto.label for each in at.get("link_button")] == ["Save start.xlsx"]
