"""Roles: who may do what on which page with which data.  What is not listed is denied.

`roles.csv` holds the permissions, a row each, and `categories.csv` says what each kind of data
holds, for people who have never seen the program.  The notes of concern a school's settings may
open to who raises them (see `access`).  A row without a category shows no data about children:
help, a fact that is typed, a note of concern that is raised and then seen by who raised it and
by the lead, who has looked, or a report, of which the page has only what the gate let out, or
files that are brought in; `names` are what the children are called.  To download is to take a
file of what the page shows.

A person may have several roles: their names stand in one text with spaces between, as in "dsl
head".  Each function here takes such a text, and answers with the sum of what these roles may.
"""

from dataclasses import dataclass, replace
from functools import cache

from queries.rows import read_rows
from safeguards.keys.home_of import HomeOf

#: As DESIGN names them.  `manager` handles requests and views no page; `none` is everybody
#: else and has nothing.
ROLES = ("pastoral", "dsl", "teacher", "head", "manager", "none")
#: Of a home of many schools, by the role of a school whose rights each has, less `_LACKED`: a
#: virtual school's head, a trust's safeguarding lead, an adviser with a caseload, and who brings
#: files in.  `roles.csv` has what they have beside.
OF_MANY = {
    "virtual_head": "dsl",
    "trust_lead": "dsl",
    "adviser": "teacher",
    "data_officer": "manager",
}
ALL_ROLES = (*ROLES, *OF_MANY)
#: What each lacks of it: what only a school does, its report to governors and notes of concern;
#: for an adviser what tells of whole files, for a data officer what tells of a child.
_ONLY_A_SCHOOL = frozenset({"reports", "raise_concern"})
_LACKED = {"adviser": _ONLY_A_SCHOOL | {"data_check"}, "data_officer": _ONLY_A_SCHOOL | {"rights"}}
#: Who leads on safeguarding in each kind of home, and opens identities.
LEADS: dict[HomeOf, str] = {"school": "dsl", "trust": "trust_lead", "authority": "virtual_head"}
#: In which order a line of the log looks for the role in which somebody with several acted: one
#: that sees more of a page comes first, so that no line names a role that sees less than was shown.
_ORDER = (
    *(*LEADS.values(), "head", "teacher", "adviser", "pastoral", "manager", "data_officer"),
    "none",
)

PAGES = (
    *("today", "schools", "children", "child", "attendance", "wellbeing", "learning", "plans"),
    *("safeguarding", "rights", "bring_in", "data_check", "group", "opened", "reports", "help"),
    *("sql", "export", "audit"),
)

#: What each kind of data holds, in words.
CATEGORIES = {row["category"]: row["holds"] for row in read_rows(__package__, "categories")}


@dataclass(frozen=True)
class Permission:
    """One row of `roles.csv`; `category` is None on a page without data about children."""

    role: str
    page: str
    category: str | None
    action: str


def is_allowed(role: str, page: str, action: str = "view", category: str | None = None) -> bool:
    """Whether `role` may do `action` on `page`, with any data or with `category`.

    An unknown role, page, action or category is denied.
    """
    grants = _list_grants()
    return any((each, page, action, category) in grants for each in split_roles(role))


@cache
def split_roles(role: str) -> tuple[str, ...]:
    """Return the roles that a text names, a lead's first; nothing if one of them does not exist."""
    names = role.split(" ")
    return tuple(each for each in _ORDER if each in names) if {*names} <= {*_ORDER} else ()


def choose_role(role: str, page: str | None = None, action: str = "view") -> str:
    """Return the one role of a person in which an act is written down.

    It is the first that allows the act.  If none does, or nothing need allow it, it is the first
    of all.
    """
    names = split_roles(role) or (role,)
    return next((each for each in names if page and is_allowed(each, page, action)), names[0])


def name_roles(role: str) -> str:
    """Return how a message names a person's roles: "role dsl", or "roles dsl and head"."""
    names = split_roles(role) or (role,)
    if len(names) == 1:
        return f"role {names[0]}"
    return f"roles {', '.join(names[:-1])} and {names[-1]}"


def build_refusal(role: str, act: str) -> str:
    """Return what a person is told whose roles do not allow an act, such as "open this page"."""
    return f"The {name_roles(role)} cannot {act}. Ask the safeguarding lead."


def is_lead(role: str) -> bool:
    """Whether the role leads on safeguarding, so that it decides who comes in."""
    return any(each in LEADS.values() for each in split_roles(role))


def has_caseload(role: str) -> bool:
    """Return whether a person sees the children of their own caseload only."""
    return "adviser" in split_roles(role) and not is_lead(role)


def has_name_cards(role: str) -> bool:
    """Return whether people in this role work with the children by name."""
    return is_allowed(role, "children", "names")


def list_roles(home_of: HomeOf) -> tuple[str, ...]:
    """The roles that there are in a home of this kind, "none" last."""
    if home_of == "school":
        return ROLES
    return (LEADS[home_of], "adviser", "data_officer", "none")


def find_role(role: str, home_of: HomeOf) -> str:
    """The role of a home of this kind that has the rights of `role`; "none" where none has.

    Of a school's home whatever was asked for: one that there is not has no rights.
    """
    if home_of == "school":
        return role
    own = list_roles(home_of)
    names = [each for name in role.split() for each in own if name in (each, OF_MANY.get(each))]
    return " ".join(dict.fromkeys(names)) or "none"


def has_access_to_restricted(role: str) -> bool:
    """Whether the role still sees a child whose data are kept but not used."""
    return is_lead(role)


def list_pages(role: str) -> tuple[str, ...]:
    """The pages that `role` may view, in the order of the menu; empty for unknown roles."""
    return tuple(page for page in PAGES if is_allowed(role, page))


def list_categories(role: str, action: str = "view") -> frozenset[str]:
    """The kinds of data with which `role` may do `action` on some page."""
    names = split_roles(role)
    return frozenset(
        row.category
        for row in load_permissions()
        if row.role in names and row.action == action and row.category is not None
    )


def list_session_categories(role: str, *, is_report: bool) -> frozenset[str]:
    """The kinds of data that a session of this role reads; for a report, what it counts only."""
    if is_report:
        return list_categories(role, "report")
    return list_categories(role) | list_categories(role, "sql")


@cache
def _list_grants() -> frozenset[tuple[str, str, str, str | None]]:
    """What is allowed, with a kind of data and with any: a page asks hundreds of times."""
    rows = load_permissions()
    return frozenset(
        (row.role, row.page, row.action, category)
        for row in rows
        for category in (None, row.category)
    )


@cache
def load_permissions() -> tuple[Permission, ...]:
    """Every permission there is."""
    rows = tuple(
        Permission(row["role"], row["page"], row["category"] or None, row["action"])
        for row in read_rows(__package__, "roles")
    )
    return rows + tuple(
        replace(row, role=role)
        for role, like in OF_MANY.items()
        for row in rows
        if row.role == like and _LACKED.get(role, _ONLY_A_SCHOOL).isdisjoint((row.page, row.action))
    )
