"""What children are called: open, by name wherever a child stands; closed, by code alone."""

import random
import re
from collections.abc import Iterator
from typing import Any

import pytest

from dashboard.ui import names
from queries import read
from safeguards.access import name_cards, roles
from safeguards.journal.access_log import get_utc_now
from tests.support.web.site import OpenSite, Site

_HANDLERS = tuple(role for role in roles.ROLES if roles.has_name_cards(role))
_LISTS = ("today", "children", "attendance", "wellbeing", "plans", "data_check", "reports")
#: Children of a role whose own page is looked at; all of them in a whole run would take minutes.
_CHILDREN = 3
_CODE_BESIDE = "Code name: {}. "


def show_names(site: Site, cards: dict[str, str]) -> None:
    """As the switch does, with these cards by pupil_id."""
    site.app.session_state[names.KEY] = cards
    site.app.session_state["names-until"] = get_utc_now() + names.NAMES_TTL


def read_everything(site: Site) -> str:
    """What is read, drawn, read aloud, offered in a field, or handed on, of the page as it is."""
    app = site.app
    folds = "\n".join(each.label for each in app.expander)
    parts = [
        folds,
        site.text,
        *site.charts,
        *(each.proto.alt for each in app.get("vega_lite_chart")),
    ]
    for kind in ("selectbox", "multiselect", "button_group", "radio"):
        for each in app.get(kind):
            parts += [each.proto.label, *map(str, getattr(each, "options", ()))]
    if "Copy this list (code names only)" not in parts[0]:  # which goes by e-mail, and says so
        parts += [each.value for each in app.get("code")]  # type: ignore[union-attr]
    for kind in ("toggle", "checkbox", "text_input", "button"):
        parts += [each.label for each in app.get(kind)]  # type: ignore[union-attr]
    parts += [each.value for kind in ("info", "warning", "success") for each in app.get(kind)]  # type: ignore[union-attr]
    return "\n".join(parts).replace("\u00a0", " ")


def list_pages(site: Site, role: str) -> Iterator[tuple[str, str]]:
    """Every page of the role with all that it says, with each table in place of its chart too."""
    for page in _LISTS:
        if roles.is_allowed(role, page):
            site.visit(page)
            yield page, read_everything(site)
            for toggle in site.app.toggle:
                toggle.set_value(True)
            site.app.run()
            yield f"{page}, tables", read_everything(site)
    members = read.fetch_members(site.session())
    chosen = random.Random(role).sample(members["pupil_id"].to_list(), _CHILDREN)
    for pupil_id in chosen:
        site.app.query_params["child"] = site.session().get_address(pupil_id)
        site.visit("child")
        for toggle in site.app.toggle:
            toggle.set_value(True)
        yield "child", read_everything(site)
        site.app.run()
        yield "child, tables", read_everything(site)
        for sheet in [name for name in site.list_buttons() if name.endswith("sheet")]:
            site.press(sheet)
            yield sheet, read_everything(site)
            site.press("← Back to")
        site.app.button(key=f"log-{_find(members, pupil_id)}").click().run()
        yield "dialog", read_everything(site)
        site.app.session_state["log-open"] = None
    site.visit("today")
    site.press("Today's list")
    yield "today's list", read_everything(site)


def _find(members: Any, pupil_id: str) -> str:
    return str(members.filter(pupil_id=pupil_id)["handle"].item())


def _find_codes(text: str, codes: list[str]) -> set[str]:
    """The codes that stand somewhere else than beside a name."""
    for code in codes:
        text = text.replace(_CODE_BESIDE.format(code), "")
    return {code for code in codes if re.search(rf"\b{code}\b", text, re.IGNORECASE)}


@pytest.mark.slow
@pytest.mark.parametrize("role", _HANDLERS)
def test_while_names_are_open_no_page_shows_a_code_alone(open_site: OpenSite, role: str) -> None:
    """Each page names a child; the control is the same page without names, which shows codes."""
    site = open_site(role)
    members = read.fetch_members(site.session())
    codes = members["handle"].to_list()
    assert _find_codes(read_everything(site), codes)
    cards = {
        pupil_id: f"Marker{chr(65 + place)} Z., 3B"
        for place, pupil_id in enumerate(members["pupil_id"])
    }
    show_names(site, cards)
    named = set()
    for state, text in list_pages(site, role):
        assert _find_codes(text, codes) == set(), state
        if re.search(r"Marker[A-Z] Z\.", text):
            named.add(state.partition(",")[0])
    expected = {page for page in _LISTS if page != "reports" and roles.is_allowed(role, page)}
    assert expected | {"child", "dialog", "Meeting sheet"} <= named


@pytest.mark.slow
@pytest.mark.parametrize("role", _HANDLERS)
def test_while_names_are_closed_no_page_shows_one(open_site: OpenSite, role: str) -> None:
    """Those that the vault has, once they were open and hidden again."""
    site = open_site(role)
    cards = name_cards.open_name_cards(site.session())
    called = {card.partition(",")[0] for card in cards.values()}
    show_names(site, cards)
    site.app.run()
    assert _find_names(read_everything(site), called)
    next(each for each in site.app.button if each.label == "Hide names").click().run()
    for state, text in list_pages(site, role):
        assert _find_names(text, called) == set(), state


def _find_names(text: str, called: set[str]) -> set[str]:
    return {name for name in called if name in text.replace("\\", "")}
