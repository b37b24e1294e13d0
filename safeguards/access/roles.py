"""Roles: the permissions by page, action and kind of data.  What is not listed is denied.

`roles.csv` holds the permissions, a row each.  `categories.csv` says what each kind of data holds,
for people who have never seen the program.  A school's settings may open the notes of concern to
the people who raise them (see `access`).  A row without a category shows no data about children:
help, a fact to type, a note of concern to raise, which its writer and the lead then see, the views
of a child, a report with figures that passed the gate, or files to bring in.  `names` are the
children's names.  `download` is to save a file of the page's content.

A person may have several roles: their names are in one text with spaces between, as in "dsl head".
Each function here takes such a text, and answers with the sum of these roles' rights.
"""

from dataclasses import dataclass, replace
from functools import cache

from queries.rows import read_rows
from safeguards.keys.home_of import HomeOf

#: The roles of a school.  `manager` handles requests and brings files in; `none` is everybody
#: else and has nothing.
ROLES = ("pastoral", "dsl", "teacher", "head", "manager", "none")
#: The roles of a home of many schools, each with the role of a school whose rights it has, less
#: `_LACKED`.  The virtual head leads a virtual school, an adviser has a caseload, and the data
#: officer brings files in.  `roles.csv` has what they have besides.
OF_MANY = {
    "virtual_head": "dsl",
    "trust_lead": "dsl",
    "adviser": "teacher",
    "data_officer": "manager",
}
ALL_ROLES = (*ROLES, *OF_MANY)
#: The rights that they lack: the report to governors and notes of concern, which only a school
#: has; for an adviser the page about whole files, for a data officer that of families' requests.
_ONLY_A_SCHOOL = frozenset({"reports", "raise_concern"})
_LACKED = {"adviser": _ONLY_A_SCHOOL | {"data_check"}, "data_officer": _ONLY_A_SCHOOL | {"rights"}}
#: The role that leads on safeguarding in each kind of home, and opens identities.
LEADS: dict[HomeOf, str] = {"school": "dsl", "trust": "trust_lead", "authority": "virtual_head"}
#: The order in which the log chooses among a person's roles: one that sees more of a page comes
#: first, so that no line names a role that sees less than was shown.
_ORDER = (
    *(*LEADS.values(), "head", "teacher", "adviser", "pastoral", "manager", "data_officer"),
    "none",
)

PAGES = (
    *("today", "schools", "children", "child", "attendance", "wellbeing", "learning", "plans"),
    *("safeguarding", "rights", "bring_in", "data_check", "group", "opened", "reports", "help"),
    *("sql", "export", "audit"),
)

#: The words for each kind of data.
CATEGORIES = {row["category"]: row["holds"] for row in read_rows(__package__, "categories")}


@dataclass(frozen=True)
class Permission:
    """One row of `roles.csv`; `category` is None on a page without data about children."""

    role: str
    page: str
    category: str | None
    action: str


def is_allowed(role: str, page: str, action: str = "view", category: str | None = None) -> bool:
    """Say whether `role` may do `action` on `page`, with any data or with `category`.

    An unknown role, page, action or category is denied.
    """
    grants = _list_grants()
    return any((name, page, action, category) in grants for name in split_roles(role))


@cache
def split_roles(role: str) -> tuple[str, ...]:
    """Return the roles that a text names, a lead's first; nothing if one of them does not exist."""
    names = role.split(" ")
    return tuple(name for name in _ORDER if name in names) if {*names} <= {*_ORDER} else ()


def choose_role(role: str, page: str | None = None, action: str = "view") -> str:
    """Return the one role of a person under which an act is logged.

    It is the first that allows the act.  If no role does, or none needs to, it is the first of all.
    """
    names = split_roles(role) or (role,)
    return next((name for name in names if page and is_allowed(name, page, action)), names[0])


def name_roles(role: str) -> str:
    """Return how a message names a person's roles: "role dsl", or "roles dsl and head"."""
    names = split_roles(role) or (role,)
    if len(names) == 1:
        return f"role {names[0]}"
    return f"roles {', '.join(names[:-1])} and {names[-1]}"


def build_refusal(role: str, act: str) -> str:
    """Return the message for a person whose roles do not allow an act, such as "open this page"."""
    return f"The {name_roles(role)} cannot {act}. Ask the safeguarding lead."


def is_lead(role: str) -> bool:
    """Say whether one of the roles leads on safeguarding, and so decides who may sign in."""
    return any(name in LEADS.values() for name in split_roles(role))


def has_caseload(role: str) -> bool:
    """Say whether a person sees the children of their own caseload only."""
    return "adviser" in split_roles(role) and not is_lead(role)


def has_name_cards(role: str) -> bool:
    """Say whether people in this role work with the children by name."""
    return is_allowed(role, "children", "names")


def list_roles(home_of: HomeOf) -> tuple[str, ...]:
    """Return the roles in a home of this kind, "none" last."""
    if home_of == "school":
        return ROLES
    return (LEADS[home_of], "adviser", "data_officer", "none")


def find_role(role: str, home_of: HomeOf) -> str:
    """Return the roles of a home of this kind that have the rights of `role`, or "none".

    In a school's home it is `role` itself; a role that does not exist has no rights.
    """
    if home_of == "school":
        return role
    home_roles = list_roles(home_of)
    names = [
        here for name in role.split() for here in home_roles if name in (here, OF_MANY.get(here))
    ]
    return " ".join(dict.fromkeys(names)) or "none"


def has_access_to_restricted(role: str) -> bool:
    """Say whether the role still sees a child whose data are kept but not used."""
    return is_lead(role)


def list_pages(role: str) -> tuple[str, ...]:
    """Return the pages that `role` may view, in the order of the menu; none for unknown roles."""
    return tuple(page for page in PAGES if is_allowed(role, page))


def list_categories(role: str, action: str = "view") -> frozenset[str]:
    """Return the kinds of data with which `role` may do `action` on some page."""
    names = split_roles(role)
    return frozenset(
        row.category
        for row in load_permissions()
        if row.role in names and row.action == action and row.category is not None
    )


def list_session_categories(role: str, *, is_report: bool) -> frozenset[str]:
    """Return the kinds of data that a session of this role reads, or that its report counts."""
    if is_report:
        return list_categories(role, "report")
    return list_categories(role) | list_categories(role, "sql")


@cache
def _list_grants() -> frozenset[tuple[str, str, str, str | None]]:
    """Return each permission with its kind of data and with any: a page asks hundreds of times."""
    rows = load_permissions()
    return frozenset(
        (row.role, row.page, row.action, category)
        for row in rows
        for category in (None, row.category)
    )


@cache
def load_permissions() -> tuple[Permission, ...]:
    """Return all permissions."""
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
