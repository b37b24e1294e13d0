"""The SSDA903: the same school by it as by files of our own, and each planted fault at its row."""

import time
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from intake.check.check import CheckResult, check_exports
from intake.problems import IntakeError
from intake.read.read import read_exports
from synthetic.returns.faults import list_planned_faults
from synthetic.returns.ssda903 import COLUMNS, write_return
from tests.support.planted import plant_and_check
from tests.support.schools.homes import UNTIL, exports

EXAMPLE = Path(__file__).with_name("examples") / "ssda903_made_up.xml"


@cache
def written() -> tuple[dict[str, str], dict[str, str], str]:
    """A school by our files, the same with a return, and the authority's name."""
    folder = exports(7, 24, 1, UNTIL)
    files = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.csv")}
    # of every other review the school has no more than a return tells, and so of a time missing
    lines = files["reviews.csv"].splitlines()
    files["reviews.csv"] = "".join(
        f"{line.rpartition(',')[0]},\n" if place % 2 else f"{line}\n"
        for place, line in enumerate(lines)
    )
    upn = next(line for line in lines if "2026-0" in line).partition(",")[0]
    files["missing.csv"] += f"{upn},2026-06-01,M,2026-06-02,,\n"
    returned, authority = write_return(files)
    return files, returned, authority


def checked(files: dict[str, str]) -> CheckResult:
    coming = {name: text.encode() for name, text in files.items()}
    return check_exports(read_exports(coming, authority=written()[2]))


@cache
def quick() -> dict[str, str]:
    """The school with a return, without the register, of which it has no say."""
    return {name: text for name, text in written()[1].items() if name != "attendance.csv"}


def care_of(result: CheckResult) -> list[tuple[object, ...]]:
    rows = result.accepted_frames["care_episodes.csv"].drop("row")
    return sorted(rows.rows(), key=repr)


def test_the_same_school_comes_of_the_return_as_of_our_own_files() -> None:
    """What a load is given is equal, so whatever is worked out of it is too."""
    own, returned, _ = written()
    found, before = checked(returned), checked(own)
    assert (found.problems, before.problems) == ((), ())
    assert len(care_of(before)) > 40
    assert care_of(found) == care_of(before)
    same = before.accepted_frames.keys() - {"care_episodes.csv", "other_numbers.csv"}
    for name in same:
        rows = [each.accepted_frames[name].drop("row") for each in (found, before)]
        assert sorted(rows[0].rows(), key=repr) == sorted(rows[1].rows(), key=repr), name
    given = [each.filter(pl.col("row") >= 1_000_000).height for each in _list_given(found)]
    assert min(given) > 0


def _list_given(result: CheckResult) -> list[pl.DataFrame]:
    return [result.accepted_frames[name] for name in ("reviews.csv", "missing.csv")]


def test_each_planted_fault_is_told_at_its_row_and_refuses_the_care_file() -> None:
    planned = list_planned_faults("ssda903")
    assert len(planned) >= 50

    def check(files: dict[str, str]) -> CheckResult:
        found = checked(files)
        assert found.blocking_files == {"care_episodes.csv"}
        return found

    plant_and_check(quick(), planned, check, ("ssda903_",))


@pytest.mark.parametrize(
    ("line", "fault"),
    [("X1001,14/06/2021,S,C1,N1,U6,PR1,,,,,,", "duplicate"), ("X1001,14/06", "field count")],
)
def test_a_row_too_many_is_told(line: str, fault: str) -> None:
    files = written()[1]
    first = files["ssda903_episodes.csv"].splitlines()[1]
    twice = first if fault == "duplicate" else line
    found = checked({**files, "ssda903_episodes.csv": f"{files['ssda903_episodes.csv']}{twice}\n"})
    assert {each.fault for each in found.problems} == {fault}


def test_children_of_other_schools_are_counted_and_never_judged() -> None:
    files = written()[1]
    stranger = "X9,F,31/02/2016,WBRI,U012200121004,,\n"
    found = checked({**files, "ssda903_header.csv": files["ssda903_header.csv"] + stranger})
    assert found.problems == ()
    known = len(files["ssda903_header.csv"].splitlines()) - 1
    assert any(f"{known} of {known + 1} children are on the roll" in note for note in found.notes)


def test_a_return_is_of_somebody() -> None:
    coming = {name: text.encode() for name, text in written()[1].items()}
    (problem,) = check_exports(read_exports(coming)).problems
    assert problem.problem.startswith("They do not say whose return it is")


def test_names_order_and_case_of_the_files_do_not_matter() -> None:
    files = written()[1]
    lines = [line.split(",") for line in files["ssda903_episodes.csv"].splitlines()]
    turned = "".join(",".join(reversed(line)) + "\n" for line in lines)
    renamed = {name: text for name, text in files.items() if name != "ssda903_episodes.csv"}
    found = checked({**renamed, "2026-eps.csv": turned.replace("DECOM", "decom")})
    assert care_of(found) == care_of(checked(files))


def test_the_xml_says_the_same_as_the_tables() -> None:
    """Of the public layout's example: one child, one episode, and what is nested in it."""
    roll = "upn,surname,forename,date_of_birth,sex,year_group,entry_date,leaving_date\n"
    roll += "U012200121004,Testmere,Orla,2016-11-03,F,5,2023-09-04,\n"
    coming = {"roll.csv": roll.encode(), "x.xml": EXAMPLE.read_bytes()}
    read = read_exports(coming, authority="Ashmere")
    rows = read.files["care_episodes.csv"].rows
    assert rows.select("upn", "start", "end", "legal_status", "home", "authority").rows() == [
        ("U012200121004", "14 May 2024", "", "C1", "foster", "Ashmere")
    ]
    wrong = EXAMPLE.read_text(encoding="us-ascii").replace("<LS>C1", "<LS>C9")
    faults = [
        (each.shown_file, each.row, each.shown_column)
        for each in check_exports(
            read_exports({**coming, "x.xml": wrong.encode()}, authority="A")
        ).problems
        if each.fault == "not allowed"
    ]
    assert faults == [("x.xml: Episodes", 2, "LS")]


_HEADER = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\nX1,F,03/11/2016,WBRI,U012200121004,0,\n"


def read_orla(more: dict[str, str]) -> CheckResult:
    roll = "upn,surname,forename,date_of_birth,sex,year_group,entry_date,leaving_date\n"
    roll += "U012200121004,Testmere,Orla,2016-11-03,F,5,2023-09-04,\n"
    episodes = (
        "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,"
        "PL_POST,URN\nX1,14/05/2021,S,C1,N1,U6,PR1,20/06/2023,E47,,,,\n"
    )
    files = {"roll.csv": roll, "h.csv": _HEADER, "e.csv": episodes, **more}
    coming = {name: text.encode() for name, text in files.items()}
    return check_exports(read_exports(coming, authority="Ashmere"))


def list_care(result: CheckResult) -> list[tuple[str, ...]]:
    rows = result.accepted_frames["care_episodes.csv"].select("status", "start", "end")
    return sorted(tuple(f"{each}" for each in row) for row in rows.rows())


def test_a_child_of_another_birthday_is_named_by_place_and_nothing_of_it_is_read() -> None:
    header = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\nX1,F,04/11/2016,WBRI,U012200121004,0,\n"
    found = read_orla({"h.csv": header})
    assert list_care(found) == []
    assert any("date of birth of 1 is not that of the roll" in each for each in found.notes)
    assert any("(h.csv, row 2)" in each for each in found.notes)


_OWN_CARE = "upn,status,start,end,authority\n"


@pytest.mark.parametrize(
    ("own", "after"),
    [
        ("", "2023-06-20"),
        # what the school knows of it goes before
        ("U012200121004,previously looked after,2023-07-01,,\n", "2023-07-01"),
        # the same period in another form is the same period
        ("U012200121004,looked after,14/05/2021,20/06/2023,Ashmere\n", "2023-06-20"),
    ],
)
def test_who_left_care_for_good_counts_as_previously_looked_after(own: str, after: str) -> None:
    found = read_orla({"care_episodes.csv": _OWN_CARE + own})
    assert list_care(found) == [
        ("looked after", "2021-05-14", "2023-06-20"),
        ("previously looked after", after, "None"),
    ]


def test_a_plan_for_adoption_and_its_end_are_steps() -> None:
    placed = (
        "CHILD,DOB,DATE_PLACED,DATE_PLACED_CEASED,REASON_PLACED_CEASED\n"
        "X1,03/11/2016,02/02/2022,05/12/2022,RD3\n"
    )
    steps = read_orla({"p.csv": placed}).accepted_frames["permanence.csv"]
    assert [tuple(f"{each}" for each in row) for row in steps.drop("row", "upn").rows()] == [
        ("2022-02-02", "adoption decided", "None"),
        ("2022-12-05", "plan given up", "RD3"),
    ]


def test_a_title_above_the_names_of_the_columns_says_nothing() -> None:
    plain = read_orla({})
    titled = read_orla({"h.csv": f"Ashmere, 2023\n{_HEADER}"})
    assert list_care(titled) == list_care(plain) != []


def test_the_census_may_give_the_roll_that_the_return_is_matched_with() -> None:
    rows = (
        "pupilonrolltableid,upn,entrydate,enrolstatus,ncyearactual,surname,forename,dob,sex\n"
        "1,U012200121004,2023-09-04,C,5,Testmere,Orla,2016-11-03,F\n"
    )
    assert list_care(read_orla({"roll.csv": rows})) == list_care(read_orla({}))


def test_a_review_that_the_school_has_is_taken_once() -> None:
    """What the school knows beside it stays; what it says otherwise is told of both."""
    told = "CHILD,DOB,REVIEW,REVIEW_CODE\nX1,03/11/2016,04/10/2022,PN1\n"
    own = "upn,date,outcome,took_part,school_report\nU012200121004,2022-10-04,held,{},yes\n"
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
        ("<EXPSSDA903><CHILD>", "damaged, or no XML"),
        ("", "damaged, or no XML"),
        ("<x>" * 100_000, "damaged, or no XML"),
        ("<x/>" + " " * (50 * 1024 * 1024), "larger than 50 MB"),
    ],
    ids=["bomb", "entity", "reference", "cut", "empty", "deep", "large"],
)
def test_xml_that_is_unsafe_is_refused_within_a_second(text: str, said: str) -> None:
    data = text.encode()
    started = time.perf_counter()
    with pytest.raises(IntakeError, match=said):
        read_exports({"x.xml": data})
    assert time.perf_counter() - started < 1


def test_xml_of_another_kind_is_left_alone_and_named() -> None:
    read = read_exports({"x.xml": b"<Message><Header/></Message>"})
    assert (read.files, read.unknown_files) == ({}, ("x.xml",))


def test_a_nil_return_is_valid_and_empty() -> None:
    files = written()[1]
    nil = {name: f"{files[name].splitlines()[0]}\n" for name in COLUMNS}
    found = checked({**files, **nil})
    assert found.problems == ()
    assert not found.accepted_frames["care_episodes.csv"].filter(pl.col("row") >= 1_000_000).height


@pytest.mark.slow
def test_a_large_return_is_checked_within_five_seconds() -> None:
    """2,700 children, 12,600 reviews and 5,000 episodes, all of them on the roll."""
    files = written()[1]
    many = {"header": 2700, "episodes": 5000, "reviews": 12600}
    lines = {}
    for table, count in many.items():
        names, first = files[f"ssda903_{table}.csv"].splitlines()[:2]
        number = first.partition(",")[0]
        rows = (first.replace(number, f"X{each % 2700}") for each in range(count))
        lines[f"ssda903_{table}.csv"] = [names, *rows]
    large = {**files, **{name: "\n".join(each) for name, each in lines.items()}}
    started = time.perf_counter()
    checked(large)
    assert time.perf_counter() - started < 5
