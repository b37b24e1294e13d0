"""The SSDA903: episodes as periods, what is beside them, and XML that is no return."""

import time

import pytest

from intake.check.account import Scope, build_accounts, describe_accounts
from intake.check.check import CheckResult
from intake.problems import IntakeError
from intake.read.read import read_exports
from tests.intake.national.formats import (
    CARE,
    ORLA,
    ORLAS,
    ROLL,
    checked,
    list_rows,
    list_told,
    read_examples,
)

(EXAMPLE,) = read_examples("ssda903_made_up").values()
HEADER = f"CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\nX1,F,03/11/2016,WBRI,{ORLA},0,\n"
EPISODES = (
    "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n"
    "X1,14/05/2021,S,C1,N1,U6,PR1,20/06/2023,E47,,,,\n"
)
FILES = {ROLL: ORLAS, "h.csv": HEADER, "e.csv": EPISODES}
PERIODS = [
    ("looked after", "2021-05-14", "2023-06-20"),
    ("previously looked after", "2023-06-20", "None"),
]


def read_orla(more: dict[str, str]) -> CheckResult:
    return checked({**FILES, **more})


def list_care(result: CheckResult) -> list[tuple[str, ...]]:
    return list_rows(result, CARE, "status", "start", "end")


@pytest.mark.parametrize(
    ("line", "fault"), [(EPISODES.splitlines()[1], "duplicate"), ("X1,14/06", "field count")]
)
def test_a_row_too_many_is_told(line: str, fault: str) -> None:
    told = list_told(read_orla({"e.csv": f"{EPISODES}{line}\n"}))
    assert [(file, row, each) for file, row, _, each in told] == [("e.csv", 3, fault)]


def test_children_of_other_schools_are_counted_and_never_judged() -> None:
    found = read_orla({"h.csv": f"{HEADER}X9,F,31/02/2016,WBRI,N012200120017,,\n"})
    assert list_told(found) == []
    assert any("1 of 2 children are on the roll" in note for note in found.notes)


def test_a_return_is_of_somebody() -> None:
    (problem,) = (each for each in checked(FILES, "").problems if each.fault != "missing file")
    assert problem.problem.startswith("These files do not say which local authority")


@pytest.mark.parametrize(
    "more",
    [
        # names, order and case do not matter
        {
            "e.csv": "".join(
                ",".join(line.split(",")[::-1]) + "\n" for line in EPISODES.splitlines()
            )
        },
        {"e.csv": EPISODES.replace("DECOM", "decom").replace("C1,N1", "c1,n1")},
        # nor do the names again below, as where two files were put together
        {"e.csv": EPISODES + EPISODES.partition("\n")[0] + "\n"},
        # nor does a title above the names
        {"h.csv": f"Ashmere, 2023\n{HEADER}"},
        # the census may give the roll that the return is matched with
        {
            ROLL: "pupilonrolltableid,upn,entrydate,enrolstatus,ncyearactual,surname,forename,dob\n"
            f"1,{ORLA},2023-09-04,C,5,Testmere,Orla,2016-11-03\n"
        },
    ],
    ids=["columns turned round", "small letters", "names again", "title", "census"],
)
def test_other_forms_say_the_same(more: dict[str, str]) -> None:
    assert list_care(read_orla(more)) == list_care(read_orla({})) == PERIODS


def test_the_xml_says_the_same_as_the_tables() -> None:
    """Of the public layout's example: one child, one episode, and what is nested in it."""
    found = checked({ROLL: ORLAS, "x.xml": EXAMPLE})
    columns = ("upn", "start", "end", "legal_status", "home", "authority")
    assert list_rows(found, CARE, *columns) == [
        (ORLA, "2024-05-14", "None", "C1", "foster", "Ashmere")
    ]
    wrong = checked({ROLL: ORLAS, "x.xml": EXAMPLE.replace("<LS>C1", "<LS>C9")})
    assert list_told(wrong) == [("x.xml: Episodes", 2, "LS", "not allowed")]


def test_a_child_of_another_birthday_is_named_by_place_and_nothing_of_it_is_read() -> None:
    found = read_orla({"h.csv": HEADER.replace("03/11/2016", "04/11/2016")})
    assert list_care(found) == []
    assert any("date of birth of 1 is not the same as on the roll" in each for each in found.notes)
    assert any("(h.csv, row 2)" in each for each in found.notes)
    accounts = {each.name: each for each in build_accounts(found, Scope(()))}
    (rule,) = accounts["h.csv"].rules
    assert (rule.rule, rule.number) == ("the date of birth is not the same as on the roll", 1)


@pytest.mark.parametrize(
    ("own", "after"),
    [
        # what the school knows of it goes before
        (f"{ORLA},previously looked after,2023-07-01,,\n", "2023-07-01"),
        # the same period in another form is the same period
        (f"{ORLA},looked after,14/05/2021,20/06/2023,Ashmere\n", "2023-06-20"),
    ],
)
def test_what_the_school_knows_of_care_is_not_told_twice(own: str, after: str) -> None:
    found = read_orla({CARE: f"upn,status,start,end,authority\n{own}"})
    assert list_care(found) == [PERIODS[0], ("previously looked after", after, "None")]


def test_a_plan_for_adoption_and_its_end_are_steps() -> None:
    placed = (
        "CHILD,DOB,DATE_PLACED,DATE_PLACED_CEASED,REASON_PLACED_CEASED\n"
        "X1,03/11/2016,02/02/2022,05/12/2022,RD3\n"
    )
    steps = list_rows(read_orla({"p.csv": placed}), "permanence.csv", "date", "event", "reason")
    assert steps == [
        ("2022-02-02", "adoption decided", "None"),
        ("2022-12-05", "plan given up", "RD3"),
    ]


def test_a_review_that_the_school_has_is_taken_once() -> None:
    """What the school knows beside it stays; what it says otherwise is told of both."""
    told = "CHILD,DOB,REVIEW,REVIEW_CODE\nX1,03/11/2016,04/10/2022,PN1\n"
    own = f"upn,date,outcome,took_part,school_report\n{ORLA},2022-10-04,held,{{}},yes\n"
    for part in ("PN1", ""):
        found = read_orla({"r.csv": told, "reviews.csv": own.format(part)})
        rows = found.accepted_frames["reviews.csv"].select("took_part", "school_report").rows()
        assert rows == [(part or None, "yes")]
    found = read_orla({"r.csv": told, "reviews.csv": own.format("PN2")})
    assert [each.fault for each in found.problems if each.file == "reviews.csv"] == [
        *("rows at odds", "rows at odds")
    ]


_BOMB = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha" * 99}">' for n in range(9))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"<!DOCTYPE x [{_BOMB}]><EXPSSDA903>&a8;</EXPSSDA903>", "names entities or files"),
        ('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>', "names entities"),
        ('<!DOCTYPE x SYSTEM "http://192.0.2.1/x.dtd"><x/>', "names entities or files"),
        ("<EXPSSDA903><CHILD>", "damaged, or not XML"),
        ("", "damaged, or not XML"),
        ("<x>" * 100_000, "damaged, or not XML"),
        ("<x/>" + " " * (50 * 1024 * 1024), "larger than 50 MB"),
    ],
    ids=["bomb", "entity", "reference", "cut", "empty", "deep", "large"],
)
def test_xml_that_is_unsafe_is_refused_within_a_second(text: str, said: str) -> None:
    """Of the processor: how busy the machine is says nothing of the file."""
    data = text.encode()
    started = time.process_time()
    with pytest.raises(IntakeError, match=said):
        read_exports({"x.xml": data})
    assert time.process_time() - started < 1


def test_xml_of_another_kind_is_left_alone_and_named() -> None:
    read = read_exports({"x.xml": b"<Message><Header/></Message>"})
    assert (read.files, read.unknown_files) == ({}, ("x.xml",))


def test_a_nil_return_is_valid_and_empty() -> None:
    nil = {name: f"{FILES[name].splitlines()[0]}\n" for name in ("h.csv", "e.csv")}
    found = read_orla(nil)
    assert (list_told(found), list_care(found)) == ([], [])


def test_two_years_at_once_are_refused() -> None:
    with pytest.raises(IntakeError, match=r"Load one after the other\.$"):
        read_orla({"episodes.csv": EPISODES})


def test_an_episode_that_ceased_by_half_says_which_half() -> None:
    cut = EPISODES.replace("20/06/2023,E47", ",E47")
    (problem,) = (each for each in read_orla({"e.csv": cut}).problems if each.heading == "DEC")
    assert problem.problem == (
        "REC (reason the episode ceased) is filled in, but DEC (date it ceased) is blank."
    )
    whole = read_orla({"h.csv": HEADER.replace(",0,", ",1.0,").replace(",F,", ",2,")})
    assert list_told(whole) == []


def test_without_a_roll_nobody_is_said_to_be_off_it() -> None:
    """It read as if none of the children were at the school."""
    for roll, why in ((ORLAS.replace("leaving_date", "x"), "cannot be read"), ("", "is not among")):
        files = {**FILES, ROLL: roll}
        found = checked({name: text for name, text in files.items() if text})
        assert any(f"the roll {why}" in note for note in found.notes)
        sums = describe_accounts(build_accounts(found, Scope(())))
        assert not any("not on the roll" in line for line in (*found.notes, *sums))
