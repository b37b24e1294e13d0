"""Reports that went out are remembered: none is lost, none can be taken out, each file is known."""

import hashlib
from datetime import UTC, datetime

import pytest

from safeguards.disclosure.figures import Figures
from safeguards.disclosure.releases import Issued, Releases, ReportFiles
from safeguards.errors import LedgerError, ReportError
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from tests.support.reports.facts import SPRING, build_amounts, publish

AT = datetime(2026, 11, 20, 15, 30, 0, 42, tzinfo=UTC)
FILES = {"part-one.docx": b"one", "part-one.pdf": b"two"}
AMOUNTS = build_amounts([4] * 8)


def appended(
    releases: Releases, figures: Figures, after: int = 0, files: dict[str, bytes] = FILES
) -> Issued:
    return releases.append(
        figures, at=AT, kind="termly", actor="Kim", role="head", files=files, after=after
    )


@pytest.fixture
def releases(home: Home, keys: Keys) -> Releases:
    return Releases(home, keys)


def test_reports_come_back_as_they_were_withdrawn_ones_too(releases: Releases) -> None:
    one = publish(AMOUNTS)
    two = publish(AMOUNTS, one, term=SPRING)
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
    appended(releases, publish(AMOUNTS))
    with pytest.raises(LedgerError, match="in the meantime"):
        appended(releases, publish(AMOUNTS))
    assert len(releases.list_issued()) == 1


# Files


def test_files_are_given_out_as_they_were_issued(
    releases: Releases, home: Home, keys: Keys
) -> None:
    """The list holds no hash that a guess at a file's words could be tried against."""
    files = ReportFiles(home, keys)
    files.save_files(1, {"part-one.docx": b"never issued"})
    report = appended(releases, publish(AMOUNTS))
    with pytest.raises(ReportError, match="are missing"):
        files.get_files(report)
    files.save_files(1, FILES)
    assert files.get_files(report) == FILES
    known = releases.path.read_text(encoding="ascii")
    assert hashlib.sha256(b"one").hexdigest() not in known
