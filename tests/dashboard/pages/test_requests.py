"""Requests: what is open, by when, and the commands; and the page that a role lacks."""

import re
from datetime import date
from pathlib import Path

import pytest

from dashboard.app_pages import rights
from dashboard.text import words
from safeguards.home.home import Home
from safeguards.journal.access_log import AccessLog, get_utc_now
from safeguards.journal.typed_entries import TypedEntries, find_flagged
from safeguards.keys.keys import Keys
from safeguards.vault.vault import Vault
from stewardship.registers.requests import KINDS, Register, Request
from tests.support import plain_words
from tests.support.web.site import OpenSite

_GUIDE = Path(__file__).parents[3] / "docs" / "requests-and-retention.md"


def test_open_requests_stand_by_their_last_day_without_a_child(own_site: OpenSite) -> None:
    site = own_site("manager")
    assert site.title == "No request is open"
    home = Home.open(site.folder)
    register = Register.open(home, Keys.load(home))
    for day in (16, 2):
        register.add(
            "access",
            "0123456789",
            received_on=date(2026, 11, day),
            requester="parent",
            actor="test",
            now=get_utc_now(),
        )
    site.app.run()
    assert site.title == "2 open requests"
    table = site.find_table("Last day")
    assert [re.sub(r"\s", " ", day) for day in table["Last day"]] == ["2 Dec 2026", "16 Dec 2026"]
    assert "0123456789" not in site.text
    assert plain_words.find_unexplained_acronyms(site.text) == []


@pytest.mark.parametrize("role", ["manager", "dsl"])
def test_a_request_goes_from_open_to_closed_on_the_page(own_site: OpenSite, role: str) -> None:
    """Each step is a line of the register, and what the command would refuse is refused."""
    site = own_site(role).visit("rights")
    home = Home.open(site.folder)
    child = Vault.open(home, Keys.load(home)).pupils[0]

    def choose(label: str, value: str) -> None:
        next(each for each in site.app.selectbox if each.label == label).set_value(value)

    def fill(label: str, text: str) -> None:
        next(each for each in site.app.text_input if each.label == label).input(text)

    def follow(step: str, *, how: str = "") -> None:
        choose("What was done?", step)
        site.app.run()
        if how:
            fill("How (no names)", how)
        site.press("Save")

    def list_requests() -> list[Request]:
        return list(Register.open(home, Keys.load(home)).list_all())

    fill("The child's code name, two words", "no child")
    site.press("Register it")
    assert "No child of this school" in site.messages
    fill("The child's code name, two words", child.handle)
    choose("What is asked", "restrict")
    site.press("Register it")
    assert "Registered as" in site.messages
    (opened,) = list_requests()
    assert (opened.kind, opened.pupil_id, opened.identity_checked) == (
        "restrict",
        child.pupil_id,
        None,
    )
    follow("Close it")
    assert "Nobody has checked who asks" in site.messages
    follow("Say how it was checked who asks", how="passport seen")
    follow("Put it into force")
    entries = TypedEntries.open(home, Keys.load(home)).list_entries()
    assert find_flagged(entries, "restriction").keys() == {child.pupil_id}
    follow("Close it")
    (closed,) = list_requests()
    assert (closed.decision, closed.identity_checked) == ("granted", "passport seen")
    assert site.title == "No request is open"
    assert child.handle not in site.text


def test_each_kind_has_its_commands_and_all_of_them_are_in_the_guide() -> None:
    assert rights.KINDS.keys() == set(KINDS)
    guide = _GUIDE.read_text(encoding="utf-8")
    for _, _, lines in rights.KINDS.values():
        for command in (*lines, *rights.FIRST, *rights.LAST):
            called, *options = re.findall(r"^lac (?:rights )?\w+|--\w[\w-]*", command)
            for part in (called, *options):
                assert part in guide, command


@pytest.mark.parametrize(
    ("role", "page"), [("head", "children"), ("pastoral", "plans"), ("manager", "today")]
)
def test_a_page_of_another_role_is_refused_in_our_words(
    open_site: OpenSite, role: str, page: str
) -> None:
    site = open_site(role).visit(page)
    assert site.title == "This page is not for your role"
    assert words.ROLES[role].lower() in site.text
    assert not site.links
    home = Home.open(site.folder)
    *_, last = AccessLog(home, Keys.load(home)).read_records()
    assert (last["event"], last["page"]) == ("deny", page)
