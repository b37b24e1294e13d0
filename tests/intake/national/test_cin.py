"""The census of children in need: its periods and steps, and whose they are."""

import pytest

from intake.check.check import CheckResult
from tests.intake.national.formats import (
    CARE,
    NED,
    NEDS,
    ORLA,
    ROLL,
    checked,
    list_rows,
    read_examples,
)

STEPS, FILE = "protection.csv", "cin.xml"
(EXAMPLE,) = read_examples("cin_made_up").values()


def read_example(text: str = EXAMPLE, roll: str = NEDS, **more: str) -> CheckResult:
    files = {ROLL: roll, FILE: text, **{f"{name}.csv": each for name, each in more.items()}}
    return checked(files)


def test_the_example_of_the_public_layout_is_read() -> None:
    found = read_example()
    assert list_rows(found, CARE, "status", "start", "end", "authority") == [
        ("in need", "2025-10-06", "2025-11-05", "Ashmere"),
        ("on a protection plan", "2025-11-05", "None", "Ashmere"),
    ]
    assert list_rows(found, STEPS, "event", "date", "abuse", "referred_by") == [
        ("assessment completed", "2025-11-20", "None", "None"),
        ("initial conference", "2025-11-05", "None", "None"),
        ("plan begun", "2025-11-05", "NEG", "None"),
        ("referral", "2025-10-06", "None", "2A"),
        ("review conference", "2026-01-28", "None", "None"),
        ("section 47 begun", "2025-10-15", "None", "None"),
    ]


def test_a_day_of_a_period_leaves_the_child_out_and_any_other_its_step() -> None:
    """Periods of care are taken whole; a step is left out until it is corrected."""
    found = read_example(EXAMPLE.replace("<CINreferralDate>20", "<CINreferralDate>x20"))
    assert CARE not in found.refused_files
    assert found.accepted_frames[CARE].is_empty()
    assert found.accepted_frames[STEPS].is_empty()
    assert any("1 child has a row with a fault" in note for note in found.notes)
    (problem,) = (each for each in found.problems if each.fault != "missing file")
    assert (problem.shown_file, problem.row) == (f"{FILE}: CINdetails", 2)
    assert problem.shown_column == "CINreferralDate"
    found = read_example(EXAMPLE.replace("<ReferralSource>", "<ReferralSource>99"))
    assert not {CARE, STEPS} & found.refused_files
    left_out = found.left_out.select("file", "column", "fault").rows()
    assert left_out == [(STEPS, "referred_by", "not allowed")]
    assert found.accepted_frames[STEPS].height == 6 - 1


def test_a_child_is_found_by_a_former_number_or_by_that_of_the_authority_named() -> None:
    """A child's own number counts for the authority that sent the file, and for no other."""
    census = EXAMPLE
    now = NEDS.replace(NED, ORLA)
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
    census = EXAMPLE
    head, _, rest = census.partition("<Child>")
    child, _, tail = rest.partition("</Child>")
    ours, other = (child.replace("X2001", number) for number in numbers)
    other = other.replace(NED, ORLA).replace("2025-", "2024-")
    both = f"{head}<Child>{ours}</Child><Child>{other}</Child>{tail}"
    care = read_example(both).accepted_frames[CARE]
    assert care["start"].dt.year().to_list() == [2025] * periods


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
    found = read_example(EXAMPLE.replace(told, instead))
    assert {each.fault for each in found.problems} == {"missing file"}
    assert found.accepted_frames[CARE]["status"].to_list() == [status]
    steps = found.accepted_frames[STEPS]["event"].to_list()
    assert {"case closed", "plan ended"} & set(steps)


def test_a_day_that_is_none_is_told_of_no_further_action_too() -> None:
    census = EXAMPLE.replace(
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
    found = read_example(EXAMPLE, protection=own, care_episodes=care)
    assert {each.fault for each in found.problems} == {"missing file"}
    assert found.accepted_frames[STEPS].height == 7
    assert found.accepted_frames[CARE].height == 2


def test_a_census_without_a_child_of_the_roll_is_valid_and_empty() -> None:
    found = read_example(
        roll=NEDS.replace(NED, ORLA), care_episodes="upn,status,start,end,authority\n"
    )
    assert {each.fault for each in found.problems} == {"missing file"}
    assert any("0 of 1 children are on the roll" in note for note in found.notes)
