"""Requests: what is open, by when, and each step; and the page that a role lacks."""

import io
import json
import re
import zipfile
from datetime import date
from typing import Any

import pytest

from dashboard.server.downloads import OFFERS
from dashboard.text import words
from intake.publish.entries import add_fact
from queries import read
from safeguards.access import access
from safeguards.home.home import Home
from safeguards.journal.access_log import AccessLog, get_utc_now
from safeguards.journal.typed_entries import TypedEntries, find_flagged
from safeguards.keys.keys import Keys
from safeguards.vault.vault import Vault
from stewardship.registers.requests import Register, Request, get_pupil_record
from tests.support import plain_words
from tests.support.web.site import OpenSite


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
    table = site.find_table("Deadline")
    assert [re.sub(r"\s", " ", day) for day in table["Deadline"]] == ["2 Dec 2026", "16 Dec 2026"]
    assert "0123456789" not in site.text
    assert plain_words.find_unexplained_acronyms(site.text) == []


CHECKED = {"How (no names)": "passport seen"}


class Desk:
    """The page Requests in a home of the test's own, and the register that it writes."""

    def __init__(self, own_site: OpenSite, role: str) -> None:
        self.site = own_site(role).visit("rights")
        self.home = Home.open(self.site.folder)
        self.keys = Keys.load(self.home)
        self.child = Vault.open(self.home, self.keys).pupils[0]

    def choose(self, label: str, value: Any) -> None:
        next(each for each in self.site.app.selectbox if each.label == label).set_value(value)

    def fill(self, label: str, text: str) -> None:
        fields = self.site.app.text_input
        next(each for each in fields if each.label.startswith(label)).input(text)

    def register(self, kind: str) -> None:
        self.fill("The child's code name, two words", self.child.handle)
        self.choose("Request", kind)
        self.site.press("Register the request")

    def follow(self, step: str, **texts: str) -> None:
        self.choose("What was done?", step)
        self.site.app.run()
        for label, text in texts.items():
            self.fill(label, text)
        self.site.press("Save")

    @property
    def requests(self) -> list[Request]:
        return list(Register.open(self.home, self.keys).list_all())


@pytest.mark.parametrize(
    ("role", "kind", "flag"),
    [("manager", "restrict", "restriction"), ("dsl", "object", "objection")],
)
def test_a_request_goes_from_open_to_closed_on_the_page(
    own_site: OpenSite, role: str, kind: str, flag: Any
) -> None:
    """Each step is a line of the register, and a step too early is refused."""
    desk = Desk(own_site, role)
    site, child = desk.site, desk.child
    desk.fill("The child's code name, two words", "no child")
    site.press("Register the request")
    assert "No child here has this code name" in site.messages
    desk.register(kind)
    assert "Registered as" in site.messages
    (opened,) = desk.requests
    assert (opened.kind, opened.pupil_id, opened.identity_checked) == (kind, child.pupil_id, None)
    desk.follow("Close the request")
    assert "how you checked who is asking" in site.messages
    desk.follow("Say how you checked who is asking")
    assert "Say how the person's identity" in site.messages
    desk.follow("Say how you checked who is asking", **CHECKED)
    desk.follow("Start the restriction or objection")
    entries = TypedEntries.open(desk.home, desk.keys).list_entries()
    assert find_flagged(entries, flag).keys() == {child.pupil_id}
    desk.follow("Close the request", Why="as the carer was told")
    (closed,) = desk.requests
    assert (closed.decision, closed.identity_checked) == ("granted", "passport seen")
    assert site.title == "No request is open"
    table = site.find_table("Decision")
    assert (table["Decision"], table["Why"]) == (["granted"], ["as the carer was told"])
    assert child.handle not in site.text


def test_a_draft_is_offered_to_the_business_manager(own_site: OpenSite) -> None:
    """It has no name in it, and making it is a line of the log about the child."""
    desk = Desk(own_site, "manager")
    desk.register("access")
    desk.choose("What was done?", "Create a draft to check")
    desk.site.app.run()
    desk.site.press("Create a draft to check")
    *_, offer = OFFERS._offers.values()  # other tests of this process offered theirs
    assert (offer.name, offer.child) == ("to-check.zip", desk.child.pupil_id)
    with zipfile.ZipFile(io.BytesIO(offer.make())) as made:
        assert {"to-review.csv", "for-the-child.html"} <= set(made.namelist())
        assert desk.child.handle in made.read("everything.html").decode()
        parts = json.loads(made.read("everything.json"))["parts"]
    assert {"raw_pupil", "looked", "requests"} <= parts.keys()
    assert "identity" not in parts
    *_, last = AccessLog(desk.home, desk.keys).read_records()
    assert (last["page"], last["pupil_ids"]) == ("rights", [desk.child.pupil_id])


def test_a_correction_needs_the_fact_that_somebody_else_typed(own_site: OpenSite) -> None:
    """The manager types no fact: a second person does, and the request is closed with it."""
    desk = Desk(own_site, "manager")
    lead = access.open(desk.site.folder, actor="D. Lead", role="dsl", purpose="test")
    handle = read.fetch_members(lead)["handle"][0]
    desk.child = get_pupil_record(desk.home, desk.keys, handle)
    desk.register("rectify")
    desk.follow("Say how you checked who is asking", **CHECKED)
    desk.follow("Close with the correction")
    assert "Close a request to rectify with a correction" in desk.site.messages
    typed = add_fact(
        lead,
        handle=handle,
        file="sdq.csv",
        values={"date": "2026-11-12", "informant": "carer", "total": "13"},
        where_written="letter, 20 November",
    )
    assert typed.entry_id
    desk.follow("Close with the correction")
    (closed,) = desk.requests
    assert (closed.decision, closed.reason) == ("granted", f"entry {typed.entry_id}")


def test_an_erasure_wants_the_code_name_once_more(own_site: OpenSite) -> None:
    """What would go is said; nothing goes unless the request and the code name are right."""
    desk = Desk(own_site, "manager")
    desk.register("erase")
    once_more = {"Type the child's code name again": desk.child.handle}
    desk.follow("Erase the data", **once_more)
    assert "how you checked who is asking" in desk.site.messages
    desk.follow("Say how you checked who is asking", **CHECKED)
    desk.follow("Erase the data", **{"Type the child's code name again": "copper letterbox"})
    assert "Nothing was changed" in desk.site.messages
    assert "This will be deleted and cannot be restored" in desk.site.text
    desk.follow("Erase the data", **once_more)
    assert "Erased. The receipt is" in desk.site.messages
    (closed,) = desk.requests
    assert (closed.decision, closed.pupil_id) == ("granted", None)
    vault = Vault.open(desk.home, desk.keys)
    assert desk.child.pupil_id not in {each.pupil_id for each in vault.pupils}


@pytest.mark.parametrize(
    ("role", "page"), [("head", "children"), ("pastoral", "plans"), ("manager", "today")]
)
def test_a_page_of_another_role_is_refused_in_our_words(
    open_site: OpenSite, role: str, page: str
) -> None:
    site = open_site(role).visit(page)
    assert site.title == "This page is not for your role"
    assert f"Your role: {words.ROLES[role]}." in site.text
    assert not site.links
    home = Home.open(site.folder)
    *_, last = AccessLog(home, Keys.load(home)).read_records()
    assert (last["event"], last["page"]) == ("deny", page)
