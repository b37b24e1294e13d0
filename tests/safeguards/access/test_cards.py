"""Name cards: a child's name beside its handle, for whoever works with the child, for a while."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from msgspec.structs import replace
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard.server import sessions
from dashboard.server.sessions import FRESH_PERIOD, ActiveSignIns
from dashboard.ui import names
from dashboard.ui import tab as session
from safeguards.access import access, admission, name_cards
from safeguards.errors import PassphraseError, VaultError
from safeguards.home.home import Home
from safeguards.journal.access_log import AccessLog, get_utc_now
from safeguards.keys.key_ring import KeyRing
from safeguards.keys.keys import Keys
from safeguards.vault.records import serialise_card
from safeguards.vault.vault import Vault
from tests.support.clocks import Clock
from tests.support.schools.homes import cast_handles, keys_at, lend_demo
from tests.support.schools.real_home import BROWSER, PEOPLE, at_one_browser, phrase_of, real_exports
from tests.support.web.lists import read_lists
from tests.support.web.site import switch_page

_APP = str(Path(dashboard.__file__).with_name("app.py"))
TEACHER, HEAD = PEOPLE["teacher"], PEOPLE["head"]
HANDLERS = ("pastoral", "dsl", "teacher")


@pytest.fixture
def vault(real: Home) -> Vault:
    return Vault.open(real, Keys.load(real))


def held(home: Home, name: str) -> access.Session:
    admitted = admission.sign_in_with_passphrase(home, name, phrase_of(name))
    return access.open(home.folder, admitted=admitted, purpose="test")


def key_of(of: access.Session) -> X25519PrivateKey:
    assert of.admitted is not None
    assert of.admitted.key is not None
    return of.admitted.key


def called() -> set[str]:
    """What the roll calls the children of the home, worked out from the files."""
    roll = pl.read_csv(real_exports() / "roll.csv", infer_schema_length=0)
    in_scope = pl.read_csv(real_exports() / "care_episodes.csv", infer_schema_length=0)["upn"]
    return {
        f"{row['preferred_forename'] or row['forename']} {row['surname'][0]}., {row['class']}"
        for row in roll.filter(pl.col("upn").is_in(in_scope.to_list())).to_dicts()
    }


def last(home: Home) -> dict[str, Any]:
    return list(AccessLog(home, Keys.load(home)).read_records())[-1]


@pytest.mark.parametrize(
    ("identity", "card"),
    [
        ({"forename": "Ruby", "surname": "Tell", "class": "3B"}, ("Ruby T.", "3B")),
        ({"forename": "Ruby", "preferred_forename": "Rue", "surname": "Ó"}, ("Rue Ó.", "")),
        ({"forename": "Ruby", "surname": None, "class": None}, ("Ruby", "")),
        ({}, ("", "")),
    ],
)
def test_a_card_says_little(identity: dict[str, str | None], card: tuple[str, str]) -> None:
    assert json.loads(serialise_card(identity)) == {"name": card[0], "class": card[1]}


def test_who_works_with_the_children_sees_what_they_are_called(real: Home) -> None:
    """Every child of the session, none else, and one line in the log; nobody else does."""
    for role in HANDLERS:
        of = held(real, PEOPLE[role])
        found = name_cards.open_name_cards(of)
        assert found.keys() == set(of.read("select pupil_id from cohort_member")["pupil_id"])
        assert set(found.values()) <= called()
        assert len(found) == 4
        line = last(real)
        assert (line["event"], line["actor"], line["page"]) == ("names", PEOPLE[role], "children")
        assert not any(name in (real.log / "access.jsonl").read_text() for name in found.values())
    of = held(real, HEAD)
    with pytest.raises(access.Denied, match="cannot see names"):
        name_cards.open_name_cards(of)
    assert last(real)["event"] == "deny"
    with pytest.raises(PassphraseError, match="has no key to names"):
        KeyRing(real, Keys.load(real)).open_secret("names", HEAD, key_of(of))


def test_a_card_opens_no_identity_and_under_no_other_child(real: Home, vault: Vault) -> None:
    ring = KeyRing(real, Keys.load(real))
    opening = ring.open_key("names", vault.card_key, TEACHER, key_of(held(real, TEACHER)))
    first, second = vault.pupils[:2]
    assert vault.open_card(first.pupil_id, opening)["name"]
    with pytest.raises(VaultError, match="cannot be opened"):
        vault.open_identity(first.pupil_id, opening)
    vault._pupils[first.pupil_id] = replace(first, card=second.card)
    with pytest.raises(VaultError, match="cannot be opened"):
        vault.open_card(first.pupil_id, opening)


def test_a_session_without_its_key_opens_no_name(real: Home) -> None:
    of = held(real, TEACHER)
    of.admitted = admission.Principal(real.home_id, TEACHER, "teacher", get_utc_now())
    with pytest.raises(PassphraseError, match="Type your passphrase"):
        name_cards.open_name_cards(of)
    assert last(real)["event"] != "names"


def test_in_a_made_up_school_names_open_by_role(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = lend_demo()
    monkeypatch.setenv("LAC_KEYS", keys_at(folder)["LAC_KEYS"])
    ruby = cast_handles(folder)["Ruby"]
    for role in (*HANDLERS, "head", "manager", "none"):
        of = access.open(folder, actor="test", role=role, purpose="test")
        if role not in HANDLERS:
            with pytest.raises(access.Denied):
                name_cards.open_name_cards(of)
            continue
        pupil_id = dict(of.read("select handle, pupil_id from cohort_member").iter_rows())[ruby]
        assert name_cards.open_name_cards(of)[pupil_id].startswith("Ruby ")


# On the pages


@pytest.fixture
def clock(real: Home, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of presences and of open names."""
    found = Clock(get_utc_now())
    monkeypatch.setattr(names, "get_utc_now", found)
    defaults = admission.sign_in_with_passphrase.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "clock", found)
    at_one_browser(real.folder, monkeypatch, ActiveSignIns(found))
    return found


@pytest.fixture
def tab(clock: Clock) -> AppTest:
    """The teacher's."""
    assert clock.now <= get_utc_now()
    at = AppTest.from_file(_APP, default_timeout=30).run()
    sign_in(at)
    return at


def sign_in(at: AppTest) -> None:
    at.selectbox[0].select(TEACHER)
    type_phrase(at, "Your passphrase")
    press(at, "Sign in")


def type_phrase(at: AppTest, label: str) -> None:
    next(each for each in at.text_input if each.label == label).input(phrase_of(TEACHER))


def press(at: AppTest, label: str, which: int = 0) -> None:
    [each for each in at.button if each.label == label][which].click().run()
    assert not at.exception


def open_names(at: AppTest) -> set[str]:
    """Whose names are on the page, once nothing of the others is kept for it."""
    parts = (*at.title, *at.markdown, *at.text, *at.page_link, *at.get("html"))
    children = [row.child for each in read_lists(at) for row in each.rows]
    told = "\n".join([*(str(each.value) for each in parts), *map(str, children)]).replace("\\", "")
    found = {name for name in called() if name.partition(",")[0] in told}
    assert bool(found) <= (names.KEY in at.session_state)
    return found


def test_names_are_shown_when_asked_for_and_for_a_while(tab: AppTest, clock: Clock) -> None:
    """They go at a click, ten minutes after the last one, and with whoever signs out."""
    switch_page(tab, "children").run()
    assert not open_names(tab)
    press(tab, "Show names")
    assert open_names(tab) == called()
    press(tab, "Hide names")
    assert not open_names(tab)
    press(tab, "Show names")
    sessions.ACTIVE_SIGN_INS.sign_out(BROWSER)
    tab.run()
    assert names.KEY not in tab.session_state
    sign_in(tab)
    press(tab, "Show names")
    # a run by the clock is no click
    for minutes, is_by_clock, is_open in ((9, False, True), (9, True, True), (1, False, False)):
        clock.now += timedelta(minutes=minutes)
        if is_by_clock:
            tab.session_state[session._BY_CLOCK] = True
        tab.run()
        assert (names.KEY in tab.session_state) is is_open
    assert not open_names(tab)


def test_later_on_a_passphrase_is_asked_for_and_opens_what_it_was_typed_for(
    tab: AppTest, clock: Clock
) -> None:
    """Plans may ask for a file and for names: names that were asked for and forgotten about
    come neither with the file, nor with the next sign-in.
    """
    again, file = (f"Your passphrase again, to {what}" for what in ("see names", "take plans.docx"))
    clock.now += FRESH_PERIOD
    switch_page(tab, "plans").run()
    press(tab, "Show names")
    assert [each.label for each in tab.text_input] == [again, file]
    assert sessions.ACTIVE_SIGN_INS.find_admitted(BROWSER).key is None  # type: ignore[union-attr]
    type_phrase(tab, file)
    press(tab, "Go on", 1)
    assert sessions.ACTIVE_SIGN_INS.is_fresh(BROWSER)
    assert names.KEY not in tab.session_state
    clock.now += FRESH_PERIOD
    tab.run()
    press(tab, "Show names")
    sessions.ACTIVE_SIGN_INS.sign_out(BROWSER)
    tab.run()
    sign_in(tab)
    assert names.KEY not in tab.session_state
    clock.now += FRESH_PERIOD
    switch_page(tab, "plans").run()
    press(tab, "Show names")
    type_phrase(tab, again)
    press(tab, "Go on")
    assert names.KEY in tab.session_state
