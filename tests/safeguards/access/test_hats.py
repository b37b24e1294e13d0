"""A person wears several hats: they have the sum of the rights, and stay one person."""

from pathlib import Path
from typing import Any

import pytest

from intake.publish import entries
from safeguards.access import access, admission, roles
from safeguards.access.people import People, Person
from safeguards.errors import PassphraseError, PeopleError
from safeguards.home.home import Home
from safeguards.journal.access_log import AccessLog, get_utc_now
from safeguards.journal.typed_entries import TypedEntries
from safeguards.keys.key_ring import KeyRing
from safeguards.keys.keys import Keys
from stewardship.rights.restrict import set_flag
from tests.support import commands
from tests.support.schools.real_home import DEPUTY, LEAD, PEOPLE, phrase_of

HEAD, TEACHER = PEOPLE["head"], PEOPLE["teacher"]


def give_roles(home: Home, name: str, role: str) -> access.Session:
    """Give a person these roles alone, and return their session."""
    keys = Keys.load(home)
    People.load(home, keys).add_or_replace(Person(name, role)).save(home, keys)
    admitted = admission.sign_in_with_passphrase(home, name, phrase_of(name))
    return access.open(home.folder, admitted=admitted, purpose="test")


def read_lines(home: Home) -> list[tuple[str, str, str]]:
    records = AccessLog(home, Keys.load(home)).read_records()
    return [(line["event"], line["actor"], line["role"]) for line in records]


@pytest.mark.parametrize("role", ["head dsl", "dsl teacher", "head dsl teacher", "manager head"])
def test_rights_are_the_sum_of_the_roles(role: str) -> None:
    own = role.split()
    for row in roles.load_permissions():
        asked = (row.page, row.action, row.category)
        expected = any(roles.is_allowed(name, *asked) for name in own)
        assert roles.is_allowed(role, *asked) == expected
    assert set(roles.list_pages(role)) == {page for name in own for page in roles.list_pages(name)}
    kinds = {kind for name in own for kind in roles.list_categories(name)}
    assert roles.list_categories(role) == kinds
    parts = {part for name in own for part in admission.list_parts(name)}
    assert admission.list_parts(role) == parts
    assert roles.is_lead(role) == ("dsl" in own)
    assert ("child" in roles.list_pages(role)) == ("dsl" in own)  # not by the other two together


def test_a_line_names_no_role_that_sees_less_of_the_page() -> None:
    names = roles.ALL_ROLES
    school = [name for name in names if name in roles.ROLES]

    def list_seen(role: str, page: str) -> set[str | None]:
        rows = roles.load_permissions()
        asked = (role, page, "view")
        return {row.category for row in rows if (row.role, row.page, row.action) == asked}

    for first, second, page in (
        (a, b, page) for a in school for b in school for page in roles.PAGES
    ):
        chosen = roles.choose_role(f"{first} {second}", page)
        seen = list_seen(first, page) | list_seen(second, page)
        assert list_seen(chosen, page) == seen, (first, second, page)
    acts = {
        ("group", "view"): "head",
        ("child", "add_fact"): "dsl",
        ("reports", "report"): "head",
        ("rights", "rights"): "dsl",
    }
    assert {act: roles.choose_role("teacher head dsl", *act) for act in acts} == acts
    assert roles.choose_role("manager head", "child") == "head"  # a refusal: neither allows it
    assert roles.build_refusal("manager head", "do this").startswith("The roles head and manager ")


@pytest.mark.parametrize(
    ("name", "role", "act", "expected"),
    [
        (HEAD, "head dsl", ("group", "view"), "head"),
        (HEAD, "head dsl", ("audit", "audit"), "dsl"),
        (TEACHER, "teacher head", ("today", "log_action"), "teacher"),
        (TEACHER, "teacher dsl", ("today", "log_action"), "dsl"),
    ],
)
def test_a_line_names_the_role_in_which_it_was_done(
    real: Home, name: str, role: str, act: tuple[str, str], expected: str
) -> None:
    session = give_roles(real, name, role)
    session.enter(act[0], action=act[1])
    assert read_lines(real)[-1] == (act[1], name, expected)
    if act[1] == "log_action":
        handle = session.read("select min(handle) from cohort_member").item()
        entries.log_action(session, handle=handle, kind="met the family")
        typed = TypedEntries.open(real, Keys.load(real)).list_entries()[-1]
        assert (typed.actor, typed.role) == (name, expected)


def test_a_list_takes_roles_one_by_one(real: Home) -> None:
    keys = Keys.load(real)
    people = People.load(real, keys).add_or_replace(Person(HEAD, "head", "s-1", "t"))
    people = people.add_roles(Person(HEAD, "dsl head"))
    assert people.find_by_name(HEAD) == Person(HEAD, "head dsl", "s-1", "t")
    assert people.list_leads() == (LEAD, HEAD, DEPUTY)
    people.save(real, keys)
    assert People.load(real, keys).find_by_name(HEAD) == Person(HEAD, "head dsl", "s-1", "t")
    assert people.remove_role(HEAD, "head").find_by_name(HEAD) == Person(HEAD, "dsl", "s-1", "t")
    for name, role in ((HEAD, "manager"), (TEACHER, "teacher"), ("N. Obody", "head")):
        with pytest.raises(PeopleError, match="beside another one"):
            people.remove_role(name, role)
    with pytest.raises(PeopleError, match='column "role"'):
        people.add_or_replace(Person(HEAD, "head none"))


@pytest.fixture
def lac(real: Home, tmp_path: Path) -> Any:
    def run(*arguments: str, people: tuple[str, ...] = ()) -> Any:
        phrases = commands.passphrase_fd(tmp_path, *map(phrase_of, people)) if people else ()
        return commands.lac("people", *arguments, "--home", real.folder, *phrases)

    return run


def test_a_role_that_ends_ends_its_keys_and_sessions(real: Home, lac: Any) -> None:
    """The lead is a teacher too, and keeps the key to names."""
    done = lac("add", DEPUTY, "--role", "teacher", "--role", "head", people=(LEAD,))
    assert done.stdout.startswith(f"{DEPUTY} now has the roles dsl, head and teacher."), done.output
    assert f"{DEPUTY}: dsl and teacher and head, passphrase" in lac("list").stdout
    admitted = admission.sign_in_with_passphrase(real, DEPUTY, phrase_of(DEPUTY))
    assert lac("remove", DEPUTY, "--role", "dsl", people=(LEAD,)).exit_code == 0
    ring = KeyRing(real, Keys.load(real))
    assert DEPUTY in ring.list_people("names")
    assert DEPUTY not in ring.list_people("identities")
    assert not admission.is_still_valid(real, Keys.load(real), admitted)
    assert lac("remove", DEPUTY, "--role", "teacher", people=(LEAD,)).exit_code == 0
    assert DEPUTY not in KeyRing(real, Keys.load(real)).list_people("names")
    assert lac("remove", DEPUTY, "--role", "head", people=(LEAD,)).exit_code == 2


def test_another_hat_is_no_second_person(real: Home, lac: Any) -> None:
    """Somebody who writes themselves into the list as lead too cannot confirm that."""
    path = real.folder / "roles.csv"
    path.write_text(path.read_text().replace(f"{HEAD},head", f"{HEAD},head dsl"))
    done = lac("confirm", "--as", HEAD, people=(HEAD,))
    assert (done.exit_code, "Confirmed" in done.stdout) == (2, False)
    with pytest.raises(PeopleError, match="lac people confirm"):
        admission.sign_in_with_passphrase(real, HEAD, phrase_of(HEAD))
    assert lac("confirm", "--as", LEAD, people=(LEAD,)).exit_code == 0
    found = admission.sign_in_with_passphrase(real, HEAD, phrase_of(HEAD))
    assert found.role == "head dsl"
    with pytest.raises(PassphraseError):  # the role came without a key, which another lead gives
        KeyRing(real, Keys.load(real)).open_secret("identities", HEAD, found.key)  # type: ignore[arg-type]


def test_what_the_head_passes_on_is_the_same_in_two_hats(real: Home) -> None:
    """A child under restriction is on the lead's pages, and in no figure of the group."""
    for role in ("head", "head dsl"):
        assert "raw_restriction" in access.list_excluded_tables(role, access.REPORT)
    lead = give_roles(real, LEAD, "dsl")
    count = "select count(*) from cohort_member"
    children = lead.read(count).item()
    handle = lead.read("select min(handle) from cohort_member").item()
    set_flag(lead, handle, "restriction", in_force=True, now=get_utc_now())
    both = give_roles(real, HEAD, "head dsl")
    assert both.read(count).item() == children
    group = both.copy_in_role(both.choose_role("group", "view"))
    assert (group.role, group.read(count).item()) == ("head", children - 1)
    assert both.read(count).item() == children
