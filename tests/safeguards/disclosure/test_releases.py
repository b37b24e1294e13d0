"""Reports that went out are remembered: none is lost, and none can be taken out."""

from datetime import UTC, date, datetime

import pytest

from safeguards.disclosure.certificate import Release, Term
from safeguards.disclosure.publish import publish_term
from safeguards.disclosure.releases import Issued, Releases, derive_report_key, hash_child
from safeguards.errors import LedgerError
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from tests.support.reports.terms import build_attributes, build_group

AT = datetime(2026, 11, 20, 15, 30, 0, 42, tzinfo=UTC)


def figures(*earlier: Release, term: str = "autumn") -> Release:
    children = {f"token {number}": {"plan": number < 5} for number in range(12)}
    return publish_term(
        Term("2026/27", term),
        date(2026, 11, 20),
        [build_group("looked after", children)],
        earlier,
        attributes=build_attributes(["plan"]),
    )


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


def test_reports_come_back_as_they_were_withdrawn_ones_too(releases: Releases) -> None:
    one = figures()
    two = figures(one, term="spring")
    appended(releases, one)
    appended(releases, two, after=1)
    assert releases.withdraw(1, at=AT, actor="Kim").withdrawn_at == AT
    assert [each.figures for each in releases.list_issued()] == [one, two]
    with pytest.raises(LedgerError, match="withdrawn before"):
        releases.withdraw(1, at=AT, actor="Kim")
    with pytest.raises(LedgerError, match="no report number 3"):
        releases.withdraw(3, at=AT, actor="Kim")


def test_a_child_is_a_token_that_only_this_home_can_make(home: Home, keys: Keys) -> None:
    key = derive_report_key(home, keys, "tokens")
    token = hash_child(key, "A1B2C3D4E5")
    assert token == hash_child(key, "A1B2C3D4E5")
    assert "A1B2" not in token
    assert token != hash_child(derive_report_key(home, keys, "letters"), "A1B2C3D4E5")


def test_a_report_is_not_taken_in_beside_one_that_it_was_not_held_against(
    releases: Releases,
) -> None:
    appended(releases, figures())
    with pytest.raises(LedgerError, match="in the meantime"):
        appended(releases, figures())
    assert len(releases.list_issued()) == 1


@pytest.mark.parametrize("left", [0, 1])
def test_a_list_that_was_cut_is_found(releases: Releases, home: Home, left: int) -> None:
    appended(releases, figures())
    appended(releases, figures(), after=1)
    path = home.ledger / "releases.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:left]))
    with pytest.raises(LedgerError, match="lacks lines"):
        releases.list_issued()
    assert len(releases.find_missing_records()) == 2 - left
    releases.add_missing()
    assert len(releases.list_issued()) == 2


def test_a_line_that_was_edited_is_found(releases: Releases, home: Home) -> None:
    appended(releases, figures())
    path = home.ledger / "releases.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"termly"', b'"annual"'))
    with pytest.raises(LedgerError, match="changed at line 1"):
        releases.list_issued()


def test_counts_of_an_earlier_version_stop_every_report(releases: Releases) -> None:
    """Statements cannot be held against them."""
    journal = releases
    with journal.open_for_append() as write:
        write({"line": "release", "report": 1, "figures": {"as_at": "2026-07-10", "groups": []}})
    with pytest.raises(LedgerError, match="earlier lac-monitor"):
        releases.list_issued()
