"""A report from a home to its files: what stands in it, what it remembers, and what it refuses."""

import shutil
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import cast

import docx
import pypdfium2
import pytest

from dashboard.report import make
from dashboard.report.content import figures
from dashboard.report.content.facts import CHOICES
from intake.publish.load import Load
from queries import read
from safeguards.access.access import Denied, Session
from safeguards.disclosure.drafts import Drafts
from safeguards.disclosure.releases import Releases
from safeguards.errors import ReportError
from safeguards.keys.keys import Keys
from tests.support.schools.homes import NOW, demo_home, exports, keys_at
from tests.support.schools.report_home import answer_questions, issued, made, session

FILES = {
    f"{part}.{end}" for part in ("part-one", "part-two", "for-the-clerk") for end in ("docx", "pdf")
}


@pytest.fixture
def school(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Makes the home of a school with so many children."""

    def of(children: int, years: int = 1) -> Path:
        folder = demo_home(tmp_path / f"home-{children}", children=children, years=years)
        monkeypatch.setenv("LAC_KEYS", keys_at(folder)["LAC_KEYS"])
        return folder

    return of


@pytest.fixture
def words_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """No PDF is set, where a test reads what Word has and nothing else."""
    monkeypatch.setattr(make, "to_pdf", lambda _: b"")


def texts(content: bytes, tmp_path: Path) -> str:
    path = tmp_path / "read.docx"
    path.write_bytes(content)
    file = docx.Document(str(path))
    return "\n".join(each.text for each in file.paragraphs if each.text)


def pages(content: bytes) -> int:
    return len(pypdfium2.PdfDocument(content))


def reports(held: Session) -> Releases:
    return Releases(held.home, Keys.load(held.home))


def later(held: Session, day: date) -> Session:
    """A session on another day, opened anew."""
    return session(held.home.folder, as_at=day)


def test_a_draft_has_each_part_twice_and_the_same_bytes_again(school: Callable[..., Path]) -> None:
    held = session(school(24))
    first = made(held)
    assert set(first) == FILES
    assert first == made(session(held.home.folder))


@pytest.mark.parametrize("children", [5, 24])
def test_it_is_two_pages_with_every_question_answered(
    school: Callable[..., Path], children: int
) -> None:
    """Of a dozen children looked after, which 24 in the files are; the clerk's page is one.

    The annual one, which says more than the other.
    """
    held = session(school(children))
    answer_questions(held, "annual")
    files = made(held, "annual", is_final=True)
    assert pages(files["part-one.pdf"]) <= 2
    assert pages(files["part-two.pdf"]) == pages(files["for-the-clerk.pdf"]) == 1


@pytest.mark.usefixtures("words_only")
def test_a_term_is_reported_on_once_and_issued_again_with_its_figures(
    school: Callable[..., Path], tmp_path: Path
) -> None:
    """Withdrawn, and made again a week later: the same figures, with other words."""
    held = session(school(24), as_at=date(2026, 11, 13))
    with pytest.raises(ReportError, match="sections need your comments"):
        made(held, is_final=True)
    answer_questions(held)
    first = made(held, is_final=True)
    issued(held)
    again = later(held, date(2026, 11, 20))
    with pytest.raises(ReportError, match="Report 1 of this term is final"):
        made(again, is_final=True)
    reports(held).withdraw(1, at=NOW, actor="Kim")
    Drafts(held.home, Keys.load(held.home)).save_answer(
        "asks", make.prepare(again, "termly").term["first_day"], "Visit us.", actor="Kim", now=NOW
    )
    said = texts(first["part-one.docx"], tmp_path)
    other = texts(made(again, is_final=True)["part-one.docx"], tmp_path)
    assert "Visit us." in other
    assert "Data up to 13 November 2026" in other
    figures = [line for line in said.splitlines() if "missed" in line or "looked after" in line]
    assert figures
    assert all(line in other for line in figures)
    # the annual report of that term has its figures, too
    annual, termly = (make.prepare(again, kind).figures for kind in ("annual", "termly"))
    assert (annual.sums, annual.year, annual.day) == (termly.sums, termly.year, termly.day)


@pytest.mark.usefixtures("words_only")
def test_the_next_report_says_what_changed(school: Callable[..., Path], tmp_path: Path) -> None:
    """A termly one beside the term before, an annual one beside the year before."""
    held = session(school(24, years=3), as_at=date(2026, 7, 10))
    for kind in ("termly", "annual"):
        answer_questions(held, kind)
        issued(held, kind)
    now = later(held, date(2026, 11, 20))
    termly, annual = (make.prepare(now, kind).facts for kind in ("termly", "annual"))
    assert termly.last
    assert annual.last
    assert termly.last.term == annual.last.term == make.prepare(held, "termly").figures.term
    said = texts(made(now)["part-one.docx"], tmp_path)
    assert "In the summer term 2026 report" in said
    assert said.count("in the last report.") >= 2
    assert "last school year." in texts(made(now, "annual")["part-one.docx"], tmp_path)


def test_a_session_for_a_report_sees_no_child(school: Callable[..., Path]) -> None:
    held = session(school(24), "teacher")
    with pytest.raises(Denied):
        held.read("from cohort_member")


def test_before_the_first_term_there_is_no_report(school: Callable[..., Path]) -> None:
    with pytest.raises(ReportError, match="No term has begun by 1 January 2019"):
        make.prepare(session(school(24), as_at=date(2019, 1, 1)), "termly")


@pytest.mark.usefixtures("words_only")
def test_a_subject_without_data_is_not_recorded_and_not_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No file of meetings was ever loaded: that is no fact about a school."""
    folder = tmp_path / "home"
    monkeypatch.setenv("LAC_KEYS", keys_at(folder)["LAC_KEYS"])
    shutil.copytree(exports(), tmp_path / "exports")
    (tmp_path / "exports" / "pep.csv").unlink()
    Load(folder, NOW, rng=Random(1)).load_exports(tmp_path / "exports")
    said = texts(made(session(folder, as_at=date(2026, 12, 31)))["part-one.docx"], tmp_path)
    assert "No PEP meeting is recorded yet" in said


@pytest.mark.usefixtures("words_only")
def test_a_nil_return_takes_the_term(school: Callable[..., Path], tmp_path: Path) -> None:
    held = session(school(0))
    answer_questions(held)
    said = texts(made(held, is_final=True)["part-one.docx"], tmp_path)
    assert "No child is looked after" in said
    assert issued(held).kind == "nil"
    for kind in CHOICES:
        assert make.prepare(held, kind).standing == 1


def test_pence_are_rounded_by_child_and_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a pound is a pound more, of a refund a pound less."""
    day = date(2026, 11, 2)
    sessions = {"open_sessions": 2, "absent_sessions": 0, "suspended_sessions": 0}
    marks = [{"pupil_id": child, "session_date": day, **sessions} for child in "AB"]
    sums = [
        {"pupil_id": child, "counts_on": day, "planned": Decimal(planned), "spent": Decimal(spent)}
        for child, planned, spent in (("A", "450.50", "0.49"), ("B", "-0.50", "-0.49"))
    ]
    monkeypatch.setattr(read, "fetch_report_sessions", lambda _: marks)
    monkeypatch.setattr(read, "fetch_report_premium", lambda _: sums)
    daily = figures._fetch_amounts(cast("Session", None)).daily
    assert daily["planned"] == {"A": {day: 451}, "B": {day: -1}}
    assert daily["spent"] == {"A": {day: 0}, "B": {day: 0}}
