"""A person with several roles has the pages of all of them, and each act is in one."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard.server.sessions import ActiveSignIns
from intake.publish import entries
from safeguards.access import access, admission, roles
from safeguards.access.people import People, Person
from safeguards.home.home import Home
from safeguards.journal.access_log import AccessLog
from safeguards.keys.keys import Keys
from tests.support.schools.real_home import BROWSER, PEOPLE, at_one_browser, phrase_of, real_home
from tests.support.web.site import is_heading, switch_page

_APP = str(Path(dashboard.__file__).parent / "app.py")
_PAGES = ("today", "safeguarding", "rights", "group", "opened", "reports", "plans")
HEAD = PEOPLE["head"]


@pytest.mark.parametrize(
    ("role", "pages", "acting"),
    [
        ("head dsl", _PAGES, "dsl"),
        ("dsl teacher", ("today", "safeguarding", "rights", "reports", "plans"), "dsl"),
        ("teacher head dsl", _PAGES, "dsl"),
        ("head teacher", ("today", "group", "opened", "reports", "plans"), "teacher"),
    ],
)
def test_several_roles_have_the_pages_of_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, role: str, pages: tuple[str, ...], acting: str
) -> None:
    folder, sign_ins = real_home(tmp_path / "home"), ActiveSignIns()
    at_one_browser(folder, monkeypatch, sign_ins)
    home, keys = Home.open(folder), Keys.load(Home.open(folder))
    People.load(home, keys).add_or_replace(Person(HEAD, role)).save(home, keys)
    admitted = admission.sign_in_with_passphrase(home, HEAD, phrase_of(HEAD))
    sign_ins.sign_in(BROWSER, admitted)
    app = AppTest.from_file(_APP, default_timeout=60)
    app.run()
    for page in _PAGES:
        if not is_heading(str(app.title[0].value), page):
            switch_page(app, page).run()
        assert not app.exception
        assert is_heading(str(app.title[0].value), page) == (page in pages), page
    session: access.Session = app.session_state["session"]
    handle = session.read("select min(handle) from cohort_member").item()
    entries.log_action(session, handle=handle, kind="met the family")
    lines = [*AccessLog(home, keys).read_records()]
    written = {(line["page"], line["event"]): line["role"] for line in lines
               if line["actor"] == HEAD and line["page"] and line["event"] != "deny"}  # fmt: skip
    assert written.pop(("today", "log_action")) == acting
    expected = {(page, "view"): roles.choose_role(role, page) for page in pages}
    assert {act: name for act, name in written.items() if act in expected} == expected
    if "group" in pages:
        assert written["group", "view"] == "head"
