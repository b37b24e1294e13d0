"""Roles: what is not granted here by name is denied."""

import itertools

import pytest

from safeguards.roles import ACTIONS, CATEGORIES, PAGES, ROLES, categories, may, pages, parse

HEADER = "role,page,category,action\n"

# What DESIGN section 2 grants, written out a second time on purpose.
_CHILDREN = {"today", "children", "child", "attendance", "data_check"}
GRANTED = (
    {
        (role, page, category, "view")
        for role in ("pastoral", "dsl", "teacher")
        for page in _CHILDREN
        for category in ("attendance", "care")
    }
    | {(role, "data_check", "load", "view") for role in ("pastoral", "dsl", "teacher")}
    | {("dsl", page, "child_protection", "view") for page in _CHILDREN}
    | {("dsl", "sql", category, "sql") for category in CATEGORIES}
)
HELPED = {"pastoral", "dsl", "teacher", "head"}


def test_the_whole_matrix_is_denied_but_for_what_is_granted() -> None:
    roles = (*ROLES, "admin", "governor", "", "DSL", "dsl ")
    asked_pages = (*PAGES, "settings", "", "../child")
    actions = (*ACTIONS, "export", "reidentify", "")
    cells = list(itertools.product(roles, asked_pages, (*CATEGORIES, "health", ""), actions))
    allowed = {
        (role, page, category, action)
        for role, page, category, action in cells
        if may(role, page, action, category)
    }
    assert allowed == GRANTED
    assert len(cells) > 2500


def test_a_page_opens_for_those_who_may_see_something_on_it() -> None:
    allowed = {
        (role, page, action)
        for role in ROLES
        for page in PAGES
        for action in ACTIONS
        if may(role, page, action)
    }
    with_data = {(role, page, action) for role, page, _, action in GRANTED}
    assert allowed == with_data | {(role, "help", "view") for role in HELPED}


def test_the_menu_of_each_role() -> None:
    everything = ("today", "children", "child", "attendance", "data_check", "help")
    assert {role: pages(role) for role in ROLES} == {
        "pastoral": everything,
        "dsl": everything,
        "teacher": everything,
        "head": ("help",),
        "manager": (),
        "none": (),
    }


def test_only_the_safeguarding_lead_sees_child_protection() -> None:
    seen = {role: categories(role) for role in (*ROLES, "unknown")}
    assert [role for role in seen if "child_protection" in seen[role]] == ["dsl"]
    assert seen["teacher"] == {"attendance", "care", "load"}
    assert seen["head"] == seen["manager"] == seen["none"] == seen["unknown"] == frozenset()
    assert categories("dsl", "sql") == set(CATEGORIES)
    assert categories("pastoral", "sql") == frozenset()


@pytest.mark.parametrize(
    "row",
    [
        "none,help,,view",
        "everyone,help,,view",
        "dsl,hlep,,view",
        "dsl,help,health,view",
        "dsl,help,,veiw",
        "dsl, help,,view",
        "dsl,help,,view\ndsl,help,,view",
        "dsl,help,view",
    ],
)
def test_a_mistyped_row_stops_the_program(row: str) -> None:
    with pytest.raises(ValueError, match=r"roles\.csv, row \d"):
        parse((HEADER + row).splitlines())


def test_a_good_row_is_read() -> None:
    (permission,) = parse((HEADER + "dsl,help,,view").splitlines())
    assert (permission.role, permission.page, permission.category) == ("dsl", "help", None)
