"""Name cards: a child's name beside its handle, for whoever works with the child, for a while."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard.server import sessions
from dashboard.server.sessions import FRESH_PERIOD, ActiveSignIns
from dashboard.ui import names
from dashboard.ui import tab as session
from safeguards.access import access, admission, name_cards
from safeguards.errors import KeysError, PassphraseError, VaultError
from safeguards.home.home import Home
from safeguards.journal.access_log import AccessLog, get_utc_now
from safeguards.keys.heads import open_heads
from safeguards.keys.keys import Keys
from safeguards.vault.records import serialise_card
from safeguards.vault.vault import Vault
from tests.support.schools.homes import cast_handles, demo_home, keys_at
from tests.support.schools.real_home import (
    BROWSER,
    LEAD,
    PEOPLE,
    at_one_browser,
    phrase_of,
    real_exports,
    real_home,
)
from tests.support.web.lists import read_lists
from tests.support.web.site import switch_page

_APP = str(Path(dashboard.__file__).with_name("app.py"))
TEACHER, HEAD = PEOPLE["teacher"], PEOPLE["head"]


@pytest.fixture
def real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    folder = real_home(tmp_path / "home")
    for name, value in (("LAC_KEYS", keys_at(folder)["LAC_KEYS"]), ("LAC_HOME", str(folder))):
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("LAC_AS_AT", raising=False)
    return Home.open(folder)


@pytest.fixture
def vault(real: Home) -> Vault:
    return Vault.open(real, Keys.load(real))


def held(home: Home, name: str) -> access.Session:
    admitted = admission.sign_in_with_passphrase(home, name, phrase_of(name))
    return access.open(home.folder, admitted=admitted, purpose="test")


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


@pytest.mark.parametrize("role", ["pastoral", "dsl", "teacher"])
def test_who_works_with_the_children_sees_what_they_are_called(real: Home, role: str) -> None:
    """Every child of the session, none else, and one line in the log."""
    of = held(real, PEOPLE[role])
    found = name_cards.open_name_cards(of)
    assert found.keys() == set(of.read("select pupil_id from cohort_member")["pupil_id"])
    assert set(found.values()) <= called()
    assert len(found) == 4
    line = last(real)
    assert (line["event"], line["actor"], line["page"]) == ("names", PEOPLE[role], "children")
    assert not any(name in (real.log / "access.jsonl").read_text() for name in found.values())


def test_nobody_else_does(real: Home, vault: Vault) -> None:
    of = held(real, HEAD)
    with pytest.raises(access.Denied, match="may not see names"):
        name_cards.open_name_cards(of)
    assert last(real)["event"] == "deny"
    assert of.admitted is not None
    assert of.admitted.key is not None
    with pytest.raises(PassphraseError, match="has no key to the names"):
        name_cards.unlock(real, Keys.load(real), vault.card_key, HEAD, of.admitted.key)


def test_a_card_opens_with_a_handlers_own_key_only(real: Home, vault: Vault) -> None:
    of = held(real, TEACHER)
    assert of.admitted is not None
    assert of.admitted.key is not None
    opening = name_cards.unlock(real, Keys.load(real), vault.card_key, TEACHER, of.admitted.key)
    first, second = vault.pupils[:2]
    assert vault.open_card(first.pupil_id, opening)["name"]
    for stranger in (X25519PrivateKey.generate(), held(real, HEAD).admitted.key):  # type: ignore[union-attr]
        assert stranger is not None
        with pytest.raises(PassphraseError, match="another key"):
            name_cards.unlock(real, Keys.load(real), vault.card_key, TEACHER, stranger)
        with pytest.raises(VaultError, match="does not open"):
            vault.open_card(first.pupil_id, stranger)
    with pytest.raises(VaultError, match="does not open"):  # nor does it open an identity
        vault.open_identity(first.pupil_id, opening)
    swapped = vault._pupils[first.pupil_id].__class__(
        **{**vars(first), "look_ups": first.look_ups, "card": second.card}
    )
    vault._pupils[first.pupil_id] = swapped
    with pytest.raises(VaultError, match="does not open"):
        vault.open_card(first.pupil_id, opening)


def test_a_session_without_its_key_opens_no_name(real: Home) -> None:
    of = held(real, TEACHER)
    of.admitted = admission.Principal(real.home_id, TEACHER, "teacher", get_utc_now())
    with pytest.raises(PassphraseError, match="with your passphrase"):
        name_cards.open_name_cards(of)
    assert last(real)["event"] != "names"


def test_whoever_leaves_loses_the_names(real: Home, vault: Vault) -> None:
    of = held(real, TEACHER)
    name_cards.revoke(real, Keys.load(real), vault.card_key, TEACHER)
    with pytest.raises(PassphraseError, match="has no key to the names"):
        name_cards.open_name_cards(of)
    assert name_cards.open_name_cards(held(real, LEAD))


def test_a_new_passphrase_brings_the_names_back(real: Home, vault: Vault) -> None:
    lead = held(real, LEAD)
    assert lead.admitted is not None
    assert lead.admitted.key is not None
    own = admission.set_passphrase(real, Keys.load(real), TEACHER, phrase_of(TEACHER))
    with pytest.raises(PassphraseError, match="another key"):
        name_cards.open_name_cards(held(real, TEACHER))
    keys = Keys.load(real)
    opening = name_cards.unlock(real, keys, vault.card_key, LEAD, lead.admitted.key)
    name_cards.grant(real, keys, opening, TEACHER, own)
    assert name_cards.open_name_cards(held(real, TEACHER)) == name_cards.open_name_cards(lead)


@pytest.mark.parametrize("damage", ["gone", "not JSON", "no handlers"])
def test_a_damaged_file_is_told(real: Home, damage: str) -> None:
    (path,) = Keys.load(real).folder.glob("cards-*.json")
    match damage:
        case "gone":
            path.unlink()
        case "not JSON":
            open_heads(path.parent).write(path, b"{")
        case _:
            open_heads(path.parent).write(path, b'{"version": 1}')
    with pytest.raises(KeysError, match="Restore it"):
        name_cards.open_name_cards(held(real, LEAD))


# On the pages


class Clock:
    def __init__(self) -> None:
        self.now = get_utc_now()

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(real: Home, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of presences and of open names."""
    found = Clock()
    for asked in (names.render_names_switch, names.render_request):
        monkeypatch.setattr(asked, "__defaults__", (found,))
    defaults = admission.sign_in_with_passphrase.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "clock", found)
    at_one_browser(real.folder, monkeypatch, ActiveSignIns(found))
    return found


@pytest.fixture
def tab(real: Home, clock: Clock) -> AppTest:
    assert not real.is_demo
    assert clock.now <= get_utc_now()
    at = AppTest.from_file(_APP, default_timeout=30).run()
    at.selectbox[0].select(TEACHER)
    at.text_input[0].input(phrase_of(TEACHER))
    press(at, "Sign in")
    return at


def press(at: AppTest, label: str) -> None:
    next(each for each in at.button if each.label == label).click().run()
    assert not at.exception


def shown(at: AppTest) -> str:
    told = (*at.title, *at.markdown, *at.text, *at.page_link, *at.get("html"))
    children = [row.child for each in read_lists(at) for row in each.rows]
    return "\n".join([*(str(each.value) for each in told), *map(str, children)])


def open_names(at: AppTest) -> set[str]:
    told = shown(at).replace("\\", "")
    return {name for name in called() if name.partition(",")[0] in told}


def test_names_are_shown_when_asked_for_and_hidden_again(tab: AppTest) -> None:
    switch_page(tab, "children").run()
    assert not open_names(tab)
    press(tab, "Show names")
    assert open_names(tab) == called()
    links = [str(row.child) for each in read_lists(tab) for row in each.rows]
    assert sorted(links) == sorted(name.partition(",")[0] for name in called())
    press(tab, "Hide names")
    assert not open_names(tab)
    assert names.KEY not in tab.session_state


def test_names_go_after_ten_minutes_without_a_click(tab: AppTest, clock: Clock) -> None:
    switch_page(tab, "children").run()
    press(tab, "Show names")
    for minutes, is_open in ((9, True), (9, True), (10, False)):
        clock.now += timedelta(minutes=minutes)
        tab.run()
        assert bool(open_names(tab)) is is_open
    assert names.KEY not in tab.session_state


def test_later_on_a_passphrase_is_asked_for_again(tab: AppTest, clock: Clock) -> None:
    switch_page(tab, "children").run()
    clock.now += FRESH_PERIOD
    tab.run()
    press(tab, "Show names")
    assert not open_names(tab)
    assert sessions.ACTIVE_SIGN_INS.find_admitted(BROWSER).key is None  # type: ignore[union-attr]
    tab.text_input[0].input(phrase_of(TEACHER))
    press(tab, "Go on")
    assert open_names(tab) == called()


def test_signing_out_hides_names(tab: AppTest) -> None:
    press(tab, "Show names")
    assert names.KEY in tab.session_state
    sessions.ACTIVE_SIGN_INS.sign_out(BROWSER)
    tab.run()
    assert names.KEY not in tab.session_state
    assert not open_names(tab)


def ask_late(tab: AppTest, clock: Clock) -> None:
    """Ask for names on Plans when the sign-in is not fresh any more: two forms stand there."""
    clock.now += FRESH_PERIOD
    switch_page(tab, "plans").run()
    press(tab, "Show names")
    labels = {each.label for each in tab.text_input}
    assert labels == {
        "Your passphrase once more, to take dates.ics",
        "Your passphrase once more, to see names",
    }


def test_a_page_may_ask_for_a_file_and_for_names(tab: AppTest, clock: Clock) -> None:
    ask_late(tab, clock)
    tab.text_input[0].input(phrase_of(TEACHER))
    next(each for each in tab.button if each.label == "Go on").click().run()
    assert not tab.exception
    assert names.KEY in tab.session_state


def test_a_passphrase_for_something_else_shows_no_name(tab: AppTest, clock: Clock) -> None:
    """Names were asked for and forgotten about; then a file was taken."""
    ask_late(tab, clock)
    next(each for each in tab.text_input if "dates.ics" in each.label).input(phrase_of(TEACHER))
    [each for each in tab.button if each.label == "Go on"][1].click().run()
    assert not tab.exception
    assert sessions.ACTIVE_SIGN_INS.is_fresh(BROWSER)
    assert names.KEY not in tab.session_state
    tab.run()
    assert names.KEY not in tab.session_state


def test_names_that_were_asked_for_do_not_come_with_the_next_sign_in(
    tab: AppTest, clock: Clock
) -> None:
    ask_late(tab, clock)
    sessions.ACTIVE_SIGN_INS.sign_out(BROWSER)
    tab.run()
    tab.selectbox[0].select(TEACHER)
    next(each for each in tab.text_input if each.label == "Your passphrase").input(
        phrase_of(TEACHER)
    )
    press(tab, "Sign in")
    assert names.KEY not in tab.session_state
    press(tab, "Show names")
    assert names.KEY in tab.session_state


def test_a_clock_that_runs_a_page_prolongs_no_name(tab: AppTest, clock: Clock) -> None:
    press(tab, "Show names")
    clock.now += timedelta(minutes=9)
    tab.session_state[session._BY_CLOCK] = True
    tab.run()
    clock.now += timedelta(minutes=1)
    tab.run()
    assert names.KEY not in tab.session_state


@pytest.mark.parametrize("role", ["dsl", "head", "manager", "none"])
def test_in_a_made_up_school_names_open_by_role(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    folder = demo_home(tmp_path / "home", children=4)
    for name, value in (
        ("LAC_KEYS", keys_at(folder)["LAC_KEYS"]),
        ("LAC_HOME", str(folder)),
        ("LAC_ROLE", role),
    ):
        monkeypatch.setenv(name, value)
    at = AppTest.from_file(_APP, default_timeout=30).run()
    labels = [each.label for each in at.button]
    assert ("Show names" in labels) is (role == "dsl")
    if role == "dsl":
        press(at, "Show names")
        ruby = cast_handles(folder)["Ruby"]
        found = at.session_state[names.KEY]
        member = next(
            row["pupil_id"]
            for row in access.open(folder, actor="t", role="dsl", purpose="t")
            .read("select pupil_id, handle from cohort_member")
            .to_dicts()
            if row["handle"] == ruby
        )
        assert found[member].startswith("Ruby ")
