"""Group figures: what the Headteacher sees of the children looked after as one group."""

from queries import read
from tests.support.web.site import OpenSite


def test_the_headteacher_sees_the_pages_figures(open_site: OpenSite) -> None:
    """The sessions are those of Attendance, and what is overdue is what Plans and dates counts."""
    lead = open_site().session()
    site = open_site("head")
    text = site.visit("group").text
    (year,) = read.fetch_cohort_years(lead, "looked after").sort("academic_year").tail(1).to_dicts()
    counts = lead.read(
        "select counts.school from overdue_count as counts "
        "join cohort_member as members using (pupil_key) where members.is_looked_after"
    )
    assert site.title == f"{year['children']} children looked after"
    assert f"{year['absent_sessions']:,} of {year['possible_sessions']:,} sessions" in text
    assert f"For the school to do{counts['school'].sum()} step" in text
    handles = read.fetch_members(lead)["handle"]
    assert not [handle for handle in handles if handle in text]


def test_nobody_looked_after_is_no_gap_of_records(open_site: OpenSite) -> None:
    site = open_site("head", "2019-01-07")
    assert "0 of 0" not in site.visit("group").text
    assert site.title == "No children looked after"
