"""Reports that went out are remembered: none is lost, none can be taken out, each file is known."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from safeguards.disclosure.figures import Figures
from safeguards.disclosure.releases import Issued, Releases, ReportFiles, ToldRows, find_totals
from safeguards.errors import LedgerError, ReportError
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from tests.support.reports.facts import AUTUMN, SPRING, build_facts, build_rows, total

AT = datetime(2026, 11, 20, 15, 30, 0, 42, tzinfo=UTC)
FILES = {"part-one.docx": b"one", "part-one.pdf": b"two"}
FIGURES = build_facts(period=SPRING).figures


def appended(releases: Releases, figures: Figures, after: int = 0, name: str = "") -> Issued:
    return releases.append(
        figures, at=AT, kind="termly", actor="Kim", role="head", name=name, after=after
    )


@pytest.fixture
def releases(home: Home, keys: Keys) -> Releases:
    return Releases(home, keys)


def test_reports_come_back_as_they_were_withdrawn_ones_too(releases: Releases) -> None:
    one, two = FIGURES, build_facts().figures
    appended(releases, one)
    appended(releases, two, after=1)
    assert releases.withdraw(1, at=AT, actor="Kim").withdrawn_at == AT
    assert [each.figures for each in releases.list_issued()] == [one, two]
    with pytest.raises(LedgerError, match="already been withdrawn"):
        releases.withdraw(1, at=AT, actor="Kim")
    with pytest.raises(LedgerError, match="no report number 3"):
        releases.withdraw(3, at=AT, actor="Kim")


def test_a_report_is_not_taken_in_beside_one_that_it_was_not_held_against(
    releases: Releases,
) -> None:
    appended(releases, FIGURES)
    with pytest.raises(LedgerError, match="in the meantime"):
        appended(releases, FIGURES)
    assert len(releases.list_issued()) == 1


# Files


def test_files_are_those_of_the_report_whose_name_they_have(
    releases: Releases, home: Home, keys: Keys
) -> None:
    """Files of a report that was not made final after all belong to no other."""
    files = ReportFiles(home, keys)
    files.save_files("none", {"part-one.docx": b"never issued"})
    report = appended(releases, FIGURES, name="one")
    with pytest.raises(ReportError, match="are missing"):
        files.get_files(report)
    files.save_files("one", FILES)
    assert files.get_files(report) == FILES


# The rows behind totals


def test_the_rows_behind_a_total_are_those_of_the_report_that_told_it_last(
    releases: Releases, home: Home, keys: Keys
) -> None:
    """A report that tells a term again as it was keeps none; whoever is erased leaves none.

    Nor do rows count whose report was not made final after all.
    """
    told, rows = ToldRows.open(home, keys), build_rows(AUTUMN, [4] * 8, spent=[9] * 8)
    known = [replace(row, spent=0) for row in rows]
    told.save_rows("none", [AUTUMN], rows[:2])
    told.save_rows("one", [AUTUMN], [*rows, *build_rows(SPRING, [4] * 8)])
    first = replace(FIGURES, totals=total(rows))
    appended(releases, first, name="one")
    appended(releases, replace(first, totals=(replace(first.totals[0], is_corrected=True),)), 1)
    assert find_totals(releases.list_issued(), told) == {AUTUMN: (first.totals[0], known)}
    told.forget({"child 3"})
    assert find_totals(releases.list_issued(), told)[AUTUMN][1] == [*known[:3], *known[4:]]
    told.replace_pupil_id("child 4", "child 9")
    assert {row.pupil_id for row in told.find_rows("one", AUTUMN)} >= {"child 9", "child 5"}
    told.save_rows("three", [AUTUMN], rows[:1])
    appended(releases, first, 2, "three")
    assert find_totals(releases.list_issued(), told)[AUTUMN][1] == known[:1]


def test_nothing_of_a_report_lies_open(releases: Releases, home: Home, keys: Keys) -> None:
    ToldRows.open(home, keys).save_rows("one", [AUTUMN], build_rows(AUTUMN, [4] * 8))
    appended(releases, FIGURES, name="one")
    for path in home.folder.rglob("*.sealed"):
        text = path.read_text(encoding="ascii")
        assert not {"in_time", "health", "missed", "child 1", "Kim"} & set(
            re.findall(r"[\w ]+", text)
        )
