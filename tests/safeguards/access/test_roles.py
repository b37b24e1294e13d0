"""Roles: what is not granted here by name is denied."""

import itertools
from collections import Counter

from queries.rows import read_rows
from safeguards.access.roles import (
    ALL_ROLES,
    CATEGORIES,
    PAGES,
    ROLES,
    is_allowed,
    list_categories,
    list_pages,
)

ACTIONS = (
    *("view", "sql", "log_action", "add_fact", "raise_concern", "download", "audit", "rights"),
    *("identify", "readmit", "names", "share", "report", "load", "waive_row"),
)

# What DESIGN section 2 grants, written out a second time on purpose.
_OF_CHILDREN = {
    *("attendance", "care", "child_protection", "duty"),
    *("wellbeing", "health", "learning", "plans"),
}
_SHOWN = {
    "today": _OF_CHILDREN,
    "children": _OF_CHILDREN,
    "child": _OF_CHILDREN | {"concern"},
    "attendance": {"attendance", "care", "child_protection"},
    "wellbeing": {"care", "wellbeing", "health"},
    "plans": {"care", "duty", "health", "plans"},
    "learning": {"care", "learning"},
    "safeguarding": {"care", "child_protection", "concern", "duty"},
    "data_check": {"attendance", "care", "child_protection", "duty", "load", "plans"},
}
_SEEN = {
    "pastoral": {"attendance", "care", "duty", "load"},
    "teacher": {"attendance", "care", "duty", "wellbeing", "health", "learning", "plans", "load"},
    "dsl": set(CATEGORIES),
}
_HIDDEN = {
    *(("pastoral", page) for page in ("wellbeing", "learning", "plans", "safeguarding")),
    ("teacher", "safeguarding"),
}
GRANTED = (
    {
        (role, page, category, "view")
        for role, seen in _SEEN.items()
        for page, shown in _SHOWN.items()
        for category in seen & shown
        if (role, page) not in _HIDDEN
    }
    | {(role, page, "duty", "log_action") for role in _SEEN for page in ("today", "child")}
    | {("dsl", "safeguarding", "duty", "log_action")}
    | {("dsl", "sql", category, "sql") for category in CATEGORIES}
    | {
        (role, page, "duty", "download")
        for role in ("dsl", "teacher")
        for page in ("plans", "child", "children")
    }
    | {("head", "group", "group", action) for action in ("view", "download")}
    | {(role, "attendance", "attendance", "download") for role in ("dsl", "teacher")}
    | {(role, "today", "duty", "download") for role in _SEEN}
    | {(role, "data_check", "load", "download") for role in _SEEN}
    | {(role, "reports", "report", "report") for role in ("head", "teacher")}
)
#: What concerns no category of data: help to read, a fact to write down, who has looked,
#: requests, files that are brought in, and reports, of which the page has what the gate let out.
WITHOUT_DATA = (
    {(role, "help", "view") for role in ("pastoral", "dsl", "teacher", "head", "manager")}
    | {(role, page, "add_fact") for role in ("dsl", "teacher") for page in ("child",)}
    | {(role, page, "raise_concern") for role in _SEEN for page in ("today", "child")}
    | {("dsl", "safeguarding", each) for each in ("raise_concern", "add_fact")}
    | {
        (role, "rights", each)
        for role in ("dsl", "manager")
        for each in ("view", "rights", "download")
    }
    | {("dsl", "rights", "readmit"), ("dsl", "data_check", "waive_row")}
    | {("dsl", page, "audit") for page in ("child", "audit")}
    | {("head", "opened", "view"), ("dsl", "child", "identify"), ("dsl", "child", "share")}
    | {(role, "reports", each) for role in ("head", "teacher") for each in ("view", "download")}
    | {(role, "children", "names") for role in ("pastoral", "dsl", "teacher")}
    | {
        (role, "bring_in", each)
        for role in ("dsl", "manager")
        for each in ("view", "load", "download")
    }
)


def test_the_whole_matrix_is_denied_but_for_what_is_granted() -> None:
    roles = (*ROLES, "admin", "governor", "", "DSL", "dsl ")
    asked_pages = (*PAGES, "settings", "", "../child")
    actions = (*ACTIONS, "export", "reidentify", "")
    cells = list(itertools.product(roles, asked_pages, (*CATEGORIES, "offending", ""), actions))
    allowed = {
        (role, page, category, action)
        for role, page, category, action in cells
        if is_allowed(role, page, action, category)
    }
    assert allowed == GRANTED
    assert len(cells) > 2500


def test_a_page_opens_for_those_who_may_see_something_on_it() -> None:
    allowed = {
        (role, page, action)
        for role in ROLES
        for page in PAGES
        for action in ACTIONS
        if is_allowed(role, page, action)
    }
    with_data = {(role, page, action) for role, page, _, action in GRANTED}
    assert allowed == with_data | WITHOUT_DATA | {("dsl", "export", "download")}
    for role in (*ROLES, "unknown"):
        menu = [page for page in PAGES if (role, page, "view") in allowed]
        assert list_pages(role) == tuple(menu)
        seen = {"group"} if role == "head" else _SEEN.get(role, set()) - {"report", "group"}
        assert list_categories(role) == seen


def test_every_row_grants_what_is_known_and_once() -> None:
    """A mistyped row must not pass for a denial that somebody meant."""
    rows = read_rows("safeguards.access", "roles")
    assert Counter(tuple(row.values()) for row in rows).most_common(1)[0][1] == 1
    roles, pages, categories, actions = ({row[name] for row in rows} for name in rows[0])
    assert roles <= {*ALL_ROLES} - {"none"}
    assert pages <= {*PAGES}
    assert categories <= {"", *CATEGORIES}
    assert actions <= {*ACTIONS}
