"""Reports that went out are remembered: none is lost, and none can be taken out."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from safeguards.disclosure import Attribute, Crossing, Duty, Group, Release, Sums, publish
from safeguards.disclosure.releases import Issued, Releases
from safeguards.errors import LedgerError
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from tests.support.reports.gate import LIMITS

AT = datetime(2026, 11, 20, 15, 30, 0, 42, tzinfo=UTC)
YEAR = Attribute("year", "Year group", ("lower", "upper"), is_public=True)
PLAN = Attribute("plan", "Plan", ("yes", "no"))


def figures(
    yes: int = 9, no: int = 8, earlier: tuple[Release, ...] = (), before: Group | None = None
) -> tuple[Release, Group]:
    children = {
        f"SECRET{kind}{number}": (kind, "lower" if number % 2 else "upper")
        for kind, count in (("yes", yes), ("no", no))
        for number in range(count)
    }
    group = Group("looked after", (PLAN, YEAR), children, (("plan",), ("year",), ("plan", "year")))
    missed = dict.fromkeys(children, 3)
    release = publish(
        [group],
        as_at=date(2026, 11, 20),
        earlier=earlier,
        before={"looked after": before.children} if before else {},
        key=b"key",
        limits=LIMITS,
        duties=[Duty("pep", "looked after", 17, 16, 1)],
        sums=[Sums("missed", "looked after", missed, {"Illness": missed})],
    )
    return release, group


def appended(releases: Releases, release: Release, after: int = 0) -> Issued:
    return releases.append(
        release,
        at=AT,
        kind="termly",
        actor="Kim",
        role="head",
        digests={"part-one.docx": "ab" * 32},
        after=after,
    )


@pytest.fixture
def releases(home: Home, keys: Keys) -> Releases:
    return Releases(home, keys)


def test_a_home_without_reports_has_none(releases: Releases) -> None:
    assert releases.list_issued() == ()
    assert releases.find_missing_records() == []


def test_a_report_comes_back_as_it_was_with_hidden_and_movers(releases: Releases) -> None:
    one, group = figures(6, 6)
    two, _ = figures(7, 6, (one,), group)
    appended(releases, one)
    appended(releases, two, after=1)
    # hidden figures refuse to be compared, so it is their words that are
    assert repr(releases.list_figures()) == repr((one, two))
    assert "c" in repr(two.groups["looked after"].tables)
    assert two.groups["looked after"].moves


def test_how_children_crossed_between_groups_comes_back(releases: Releases) -> None:
    crossing = Crossing(
        "looked after", "previously looked after", {"year": "lower"}, {}, ("plan",), 1
    )
    appended(releases, replace(figures()[0], crossings=(crossing,)))
    assert releases.list_figures()[0].crossings == (crossing,)


def test_no_pseudonym_is_in_it(releases: Releases, home: Home) -> None:
    one, group = figures()
    appended(releases, one)
    appended(releases, figures(10, 8, (one,), group)[0], after=1)
    stored = (home.ledger / "releases.jsonl").read_bytes()
    assert b"SECRET" not in stored
    assert b"plan" in stored


def test_a_withdrawn_report_stays_in_what_the_next_is_held_against(releases: Releases) -> None:
    appended(releases, figures()[0])
    withdrawn = releases.withdraw(1, at=AT, actor="Kim")
    assert withdrawn.withdrawn_at == AT
    assert len(releases.list_figures()) == 1
    with pytest.raises(LedgerError, match="withdrawn before"):
        releases.withdraw(1, at=AT, actor="Kim")
    with pytest.raises(LedgerError, match="no report number 2"):
        releases.withdraw(2, at=AT, actor="Kim")


def test_a_report_is_not_taken_in_beside_one_that_it_was_not_held_against(
    releases: Releases,
) -> None:
    appended(releases, figures()[0])
    with pytest.raises(LedgerError, match="in the meantime"):
        appended(releases, figures()[0])
    assert len(releases.list_issued()) == 1


@pytest.mark.parametrize("left", [0, 1])
def test_a_list_that_was_cut_is_found(releases: Releases, home: Home, left: int) -> None:
    appended(releases, figures()[0])
    appended(releases, figures()[0], after=1)
    path = home.ledger / "releases.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:left]))
    with pytest.raises(LedgerError, match="lacks lines"):
        releases.list_issued()
    assert len(releases.find_missing_records()) == 2 - left
    releases.add_missing()
    assert len(releases.list_issued()) == 2


def test_a_line_that_was_edited_is_found(releases: Releases, home: Home) -> None:
    appended(releases, figures()[0])
    path = home.ledger / "releases.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"termly"', b'"annual"'))
    with pytest.raises(LedgerError, match="changed at line 1"):
        releases.list_issued()
