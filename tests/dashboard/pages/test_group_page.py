"""Group figures: what the Headteacher sees of the children looked after as one group."""

from queries import read
from safeguards.access.settings import Settings
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
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


def test_the_page_says_whether_the_named_governor_may_be_shown_it(open_site: OpenSite) -> None:
    """A setting, off at first, which the safeguarding lead confirms."""
    site = open_site("head")
    assert "has not agreed to show them to a governor" in site.visit("group").text
    home = Home.open(site.session().home.folder)
    settings = Settings("The made-up school", "the safeguarding lead", is_group_for_governor=True)
    settings.save(home, Keys.load(home))
    assert "may be shown them, and nobody else" in site.visit("group").text


def test_nobody_looked_after_is_no_gap_of_records(open_site: OpenSite) -> None:
    site = open_site("head", "2019-01-07")
    assert "0 of 0" not in site.visit("group").text
    assert site.title == "No children looked after"
