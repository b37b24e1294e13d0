"""The census of children in need: the same school by it, and each planted fault at its element."""

import time
from functools import cache
from pathlib import Path

import pytest

from intake.check.check import CheckResult, check_exports
from intake.read.read import read_exports
from synthetic.returns.cin import FILE, write_census
from synthetic.returns.faults import list_planned_faults
from tests.support.planted import plant_and_check
from tests.support.schools.homes import UNTIL, exports

EXAMPLE = Path(__file__).with_name("examples") / "cin_made_up.xml"
CARE, STEPS, ROLL = "care_episodes.csv", "protection.csv", "roll.csv"


@cache
def written() -> tuple[dict[str, str], dict[str, str], str]:
    """A school by our files, the same with a census, and the authority's name."""
    folder = exports(7, 60, 1, UNTIL)
    files = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.csv")}
    given, authority = write_census(files)
    return files, given, authority


def checked(files: dict[str, str], authority: str = "") -> CheckResult:
    coming = {name: text.encode() for name, text in files.items()}
    return check_exports(read_exports(coming, authority=authority or written()[2]))


@cache
def quick() -> dict[str, str]:
    """The school with a census, without the register and what else the census has no say in."""
    kept = ("school.csv", "calendar.csv", ROLL, CARE, STEPS, FILE)
    return {name: text for name, text in written()[1].items() if name in kept}


def rows_of(result: CheckResult, name: str) -> list[tuple[object, ...]]:
    return sorted(result.accepted_frames[name].drop("row").rows(), key=repr)


def test_the_same_school_comes_of_the_census_as_of_our_own_files() -> None:
    own, given, _ = written()
    before, found = checked(own), checked(given)
    assert (before.problems, found.problems) == ((), ())
    assert given[FILE].count("<CINdetails>") >= 8
    for name in before.accepted_frames:
        assert rows_of(found, name) == rows_of(before, name), name


def test_each_planted_fault_is_told_at_its_element() -> None:
    planned = list_planned_faults("cin")
    assert len(planned) >= 50
    plant_and_check(quick(), planned, checked, (FILE,))


def test_a_day_of_a_period_refuses_and_any_other_leaves_its_step_out() -> None:
    """Care files stay whole or refused; a step is left out until it is mended."""
    census = quick()[FILE]
    wrong_day = census.replace("<CINreferralDate>20", "<CINreferralDate>x20", 1)
    found = checked({**quick(), FILE: wrong_day})
    assert found.blocking_files == {CARE}
    (problem,) = found.problems
    assert (problem.shown_file, problem.row, problem.shown_column) == (
        f"{FILE}: CINdetails",
        2,
        "CINreferralDate",
    )
    found = checked({**quick(), FILE: census.replace("<ReferralSource>", "<ReferralSource>99", 1)})
    assert found.refused_files == frozenset()
    left_out = found.left_out.select("file", "column", "fault").rows()
    assert left_out == [(STEPS, "referred_by", "not allowed")]
    everything = len(checked(quick()).accepted_frames[STEPS])
    assert len(found.accepted_frames[STEPS]) == everything - 1


_ROLL = (
    "upn,surname,forename,date_of_birth,sex,year_group,entry_date,leaving_date\n"
    "N012200120017,Fakeham,Ned,2015-02-20,M,6,2023-09-04,\n"
)


def read_example(text: str, roll: str = _ROLL, **more: str) -> CheckResult:
    files = {ROLL: roll, "x.xml": text, **{f"{name}.csv": each for name, each in more.items()}}
    return checked(files, authority="Ashmere")


def test_the_example_of_the_public_layout_is_read() -> None:
    found = read_example(EXAMPLE.read_text(encoding="utf-8")).accepted_frames
    care = found[CARE].select("status", "start", "end", "authority").rows()
    assert [(status, f"{start}", f"{end}", sender) for status, start, end, sender in care] == [
        ("on a protection plan", "2025-11-05", "None", "Ashmere"),
        ("in need", "2025-10-06", "2025-11-05", "Ashmere"),
    ]
    steps = found[STEPS].select("event", "date", "abuse", "referred_by").rows()
    assert sorted((event, f"{day}", abuse, by) for event, day, abuse, by in steps) == [
        ("assessment completed", "2025-11-20", None, None),
        ("initial conference", "2025-11-05", None, None),
        ("plan begun", "2025-11-05", "NEG", None),
        ("referral", "2025-10-06", None, "2A"),
        ("review conference", "2026-01-28", None, None),
        ("section 47 begun", "2025-10-15", None, None),
    ]


def test_a_child_is_found_by_a_former_number_or_by_that_of_the_authority_named() -> None:
    """A child's own number counts for the authority that sent the file, and for no other."""
    census = EXAMPLE.read_text(encoding="utf-8")
    now = _ROLL.replace("N012200120017", "U012200121004")
    former = "upn,former_upn\nU012200121004,N012200120017\n"
    assert read_example(census, now, other_numbers=former).accepted_frames[CARE].height == 2
    own = "upn,authority,authority_child_id\nU012200121004,Ashmere,X2001\n"
    unnamed = census.replace("<UPN>N012200120017</UPN>", "<UPNunknown>UN1</UPNunknown>")
    assert read_example(unnamed, now, other_numbers=own).accepted_frames[CARE].height == 2
    other = own.replace("Ashmere", "Birchfield")
    assert read_example(unnamed, now, other_numbers=other).accepted_frames[CARE].height == 0


@pytest.mark.parametrize(
    ("numbers", "periods"), [(("", ""), 2), (("", "X2"), 2), (("X1", "X1"), 0), (("X1", "X2"), 2)]
)
def test_what_is_told_of_a_child_goes_to_no_other_whatever_their_numbers(
    numbers: tuple[str, str], periods: int
) -> None:
    """The other child is not on the roll.  One number for two children is that of neither."""
    census = EXAMPLE.read_text(encoding="utf-8")
    head, _, rest = census.partition("<Child>")
    child, _, tail = rest.partition("</Child>")
    ours, other = (child.replace("X2001", number) for number in numbers)
    other = other.replace("N012200120017", "U012200121004").replace("2025-", "2024-")
    both = f"{head}<Child>{ours}</Child><Child>{other}</Child>{tail}"
    care = read_example(both).accepted_frames[CARE]
    assert care["start"].dt.year().to_list() == [2025] * periods


def test_a_child_of_another_birthday_is_named_by_place_and_nothing_of_it_is_read() -> None:
    census = EXAMPLE.read_text(encoding="utf-8").replace("2015-02-20", "2015-02-21")
    found = read_example(census)
    assert found.accepted_frames[CARE].height == 0
    assert any("date of birth of 1 is not that of the roll" in note for note in found.notes)
    assert any("ChildIdentifiers, row 2" in note for note in found.notes)


def test_no_further_action_makes_no_period() -> None:
    census = EXAMPLE.read_text(encoding="utf-8").replace("<ReferralNFA>false", "<ReferralNFA>true")
    statuses = read_example(census).accepted_frames[CARE]["status"].to_list()
    assert statuses == ["on a protection plan"]


_NOT_CLOSED = "<ReferralNFA>false</ReferralNFA>"
_NO_ACTION = "<ReferralNFA>true</ReferralNFA>"


@pytest.mark.parametrize(
    ("told", "instead", "status"),
    [
        (_NOT_CLOSED, f"{_NO_ACTION}<CINclosureDate>2025-10-06", "on a protection plan"),
        # of no further action no day of closure is wrong
        (_NOT_CLOSED, f"{_NO_ACTION}<CINclosureDate>2025-10-05", "on a protection plan"),
        (_NOT_CLOSED, f"{_NOT_CLOSED}<CINclosureDate>2025-10-06", "on a protection plan"),
        ("2025-11-05</CPPstartDate>", "2025-11-05</CPPstartDate><CPPendDate>2025-11-05", "in need"),
    ],
    ids=["no action", "no action, days turned", "closed on its day", "plan ended on its day"],
)
def test_what_led_to_nothing_or_ended_on_its_own_day_makes_no_period_and_no_fault(
    told: str, instead: str, status: str
) -> None:
    instead += f"</{instead.rpartition('<')[2].partition('>')[0]}>"
    found = read_example(EXAMPLE.read_text(encoding="utf-8").replace(told, instead))
    assert {each.fault for each in found.problems} == {"missing file"}
    assert found.accepted_frames[CARE]["status"].to_list() == [status]
    steps = found.accepted_frames[STEPS]["event"].to_list()
    assert {"case closed", "plan ended"} & set(steps)


def test_a_day_that_is_none_is_told_of_no_further_action_too() -> None:
    census = EXAMPLE.read_text(encoding="utf-8").replace(
        _NOT_CLOSED, f"{_NO_ACTION}<CINclosureDate>2025-10-32</CINclosureDate>"
    )
    told = [(each.shown_column, each.fault) for each in read_example(census).problems]
    assert ("CINclosureDate", "not a date") in told


def test_what_the_school_has_already_is_not_told_twice() -> None:
    """The same step in the school's own file, in other dates, is the same step."""
    own = (
        "upn,date,event,abuse,referred_by,reason\n"
        "N012200120017,06/10/2025,referral,,2A,\nN012200120017,12/10/2025,core group,,,\n"
    )
    care = "upn,status,start,end,authority\nN012200120017,in need,06/10/2025,05/11/2025,\n"
    found = read_example(EXAMPLE.read_text(encoding="utf-8"), protection=own, care_episodes=care)
    assert {each.fault for each in found.problems} == {"missing file"}
    assert found.accepted_frames[STEPS].height == 7
    assert found.accepted_frames[CARE].height == 2


def test_a_census_without_a_child_of_the_roll_is_valid_and_empty() -> None:
    found = checked({**quick(), FILE: EXAMPLE.read_text(encoding="utf-8")})
    assert found.problems == ()
    assert any("0 of 1 children are on the roll" in note for note in found.notes)


@pytest.mark.slow
def test_ten_megabytes_are_checked_within_five_seconds() -> None:
    census = written()[1][FILE]
    head, _, rest = census.partition("<Child>")
    children, _, tail = rest.rpartition("</Child>")
    once = f"<Child>{children}</Child>"
    # children of other schools, but for the first ones
    others = once.replace("<UPN>", "<UPN>X").replace("<LAchildID>X", "<LAchildID>Y")
    many = others * (10 * 1024 * 1024 // len(others) + 1)
    large = f"{head}{once}{many}{tail}"
    assert len(large) > 10 * 1024 * 1024
    started = time.perf_counter()
    found = checked({**quick(), FILE: large})
    assert time.perf_counter() - started < 5
    assert found.problems == ()
    assert found.accepted_frames[STEPS].height == checked(quick()).accepted_frames[STEPS].height
