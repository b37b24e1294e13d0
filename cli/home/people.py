"""`lac people`: list and change the roles and passphrases of the people of a real home."""

from datetime import datetime
from typing import Annotated

import typer
from typer import Argument, Option

from cli.commands import Commands
from cli.context import Caller, HomeContext
from cli.home.keys import replace_key
from cli.options import DayOption
from intake.publish.lock import lock_people
from safeguards.access import admission, loads
from safeguards.access.people import People, Person
from safeguards.access.roles import choose_role, list_roles, name_roles
from safeguards.caseload import ROLE as ADVISER
from safeguards.caseload import Caseload
from safeguards.errors import PassphraseError, PeopleError
from safeguards.files import quote
from safeguards.journal.access_log import get_utc_now
from safeguards.keys.home_of import get_home_of
from safeguards.keys.key_ring import KeyRing

app = Commands(
    "List or change who holds which role. Only the safeguarding lead can change a role.\n\nThe "
    "list is roles.csv in the school's folder. You can edit it there, and confirm it here."
)

Named = Annotated[str, Argument(metavar="NAME", help="The person's name.")]
Roles = Annotated[
    list[str],
    Option(
        "--role",
        help=(
            "pastoral, dsl, teacher, head, manager; virtual_head, trust_lead, adviser, "
            "data_officer. Repeat it for more."
        ),
    ),
]


@app.add("list")
def list_people(at: HomeContext) -> None:
    """List who holds which role, how they sign in, and who opens identities or loads."""
    home, keys = at.open_real_home()
    ring = KeyRing(home, keys)
    openers, loaders = ring.list_people("identities"), loads.list_loaders(home, keys)
    for person in People.load(home, keys):
        ways = [
            *(["passphrase"] if person.person in ring.people else []),
            *(["sign-in service"] if person.sub else []),
        ]
        opens = ", opens identities" if person.person in openers else ""
        way = " and ".join(ways) or "cannot sign in yet"
        typer.echo(f"{person.person}: {' and '.join(person.role.split())}, {way}{opens}")
    needs = f"the passphrase of {' or '.join(loaders)}" if loaders else "no passphrase"
    typer.echo(f"A load needs {needs}.", err=True)


@app.add()
def add(
    name: Named,
    lead: Caller,
    role: Roles,
    sub: Annotated[str, Option(help="The sign-in service's id for the person.")] = "",
    tid: Annotated[str, Option(help="The tenant of the sign-in service.")] = "",
) -> None:
    """Give a person one or more roles, beside any that they have.

    A person may do and see what any of their roles may. What a new role opens comes with the next
    passphrase: see lac people passphrase.
    """
    home, keys = lead.open_real_home()
    if not set(role) <= set(known := list_roles(get_home_of(keys))[:-1]):
        raise PeopleError(f"The roles in this folder are {', '.join(known)}.")
    given = Person(name, " ".join(role), sub, tid)
    _authorise_lead(lead, "people_changed", f"{name}: {given.role} added")
    with lock_people(home):
        people = People.load(home, keys).add_roles(given)
        people.save(home, keys)
    _say_roles(people, name)
    if not sub:
        typer.echo(
            f"To set a passphrase: lac people passphrase {quote(name)} --home {quote(lead.folder)}"
        )


@app.add("passphrase")
def set_passphrase(name: Named, lead: Caller) -> None:
    """Let a person choose a new passphrase, which opens what their roles may see.

    Asks for the lead's passphrase, then for the person's new one, which the lead need not see.
    """
    home, keys = lead.open_real_home()
    admitted = _authorise_lead(lead, "passphrase_given", name)
    person = People.load(home, keys).find_by_name(name)
    if person is None:
        raise PeopleError("Nobody with this name has a role. First use: lac people add")
    new = lead.ask_new_passphrase(name)
    with lock_people(home):
        admission.give_passphrase(home, keys, admitted, person, new)
    typer.echo(f"{name} can now sign in.")


@app.add()
def change(caller: Caller) -> None:
    """Change your own passphrase. Asks for the old one, then for the new one.

    Anybody with an old copy of the keys can still use the old passphrase with it: see lac keys
    rotate.
    """
    home, keys = caller.open_real_home()
    admitted = caller.sign_in()
    name, old = admitted.name, caller.ask_passphrase(admitted.name)
    new = caller.ask_new_passphrase(name)
    with lock_people(home):
        ring = KeyRing(home, keys)
        ring.change_passphrase(name, old, new)
        ring.save()
    caller.log("passphrase_changed", name, choose_role(admitted.role))
    typer.echo(f"The passphrase of {name} has been changed.")


@app.add()
def remove(
    name: Named,
    lead: Caller,
    role: Annotated[
        str | None, Option(help="The only role to take away, from a person who has others.")
    ] = None,
) -> None:
    """Remove a leaver's roles, passphrase and keys, or take one role from somebody who stays.

    Open tabs close within 10 seconds. A person who is no longer a safeguarding lead cannot open
    identities from then on.
    """
    home, keys = lead.open_real_home()
    if role is not None:
        _remove_role(lead, name, role)
        return
    _authorise_lead(lead, "people_changed", f"{name}: none")
    with lock_people(home):
        people = People.load(home, keys)
        ring = KeyRing(home, keys)
        is_listed = people.find_by_name(name) is not None
        if not is_listed and name not in ring.people:
            raise PeopleError("Nobody with this name is on the list or has a passphrase.")
        left = people.remove(name) if is_listed else people
        had_key = ring.remove(name)
        ring.save()
        left.save(home, keys)
    typer.echo(f"{name} can no longer sign in.")
    if had_key:
        _offer_new_key(lead, name)


def _remove_role(lead: Caller, name: str, role: str) -> None:
    """Take away one role and, in the same step, the keys that only this role had."""
    home, keys = lead.open_real_home()
    _authorise_lead(lead, "people_changed", f"{name}: {role} taken away")
    with lock_people(home):
        people = People.load(home, keys).remove_role(name, role)
        # save the keys first: if this is cut off in between, the person has lost more, never less
        ring = KeyRing(home, keys)
        had_key = ring.limit(name, admission.list_parts(_find_role(people, name)))
        ring.save()
        people.save(home, keys)
    _say_roles(people, name)
    if had_key:
        _offer_new_key(lead, name)


def _find_role(people: People, name: str) -> str:
    """Return the roles of a person, "none" if they have none."""
    person = people.find_by_name(name)
    return person.role if person else "none"


def _say_roles(people: People, name: str) -> None:
    typer.echo(f"{name} now has the {name_roles(_find_role(people, name))}.")


@app.add("caseload")
def change_caseload(
    lead: Caller,
    handles: Annotated[
        list[str] | None,
        Argument(metavar="HANDLE...", help='The children\'s code names, such as "copper lantern".'),
    ] = None,
    adviser: Annotated[
        str, Option(metavar="NAME", help="Their adviser from now on. If not given, nobody.")
    ] = "",
    since: Annotated[
        datetime | None, DayOption("--from", help="The first day. If not given, today.")
    ] = None,
) -> None:
    """List or change the children that an education adviser works with.

    An adviser sees no other children. A child has one adviser: from the given date on, the previous
    adviser no longer sees the child.
    """
    home, keys = lead.open_real_home()
    today = get_utc_now().date()
    if not handles:
        for handle, person_name in sorted(Caseload.load(home, keys).get_advisers(today).items()):
            typer.echo(f"{handle}: {person_name}")
        return
    person = People.load(home, keys).find_by_name(adviser)
    if adviser and (person is None or ADVISER not in person.role.split()):
        raise PeopleError(f"{adviser} is not an education adviser. See: lac people list")
    ids = {handle: pupil_id for pupil_id, handle in lead.get_handles().items()}
    if unknown := [handle for handle in handles if handle not in ids]:
        raise PeopleError(f"No child has the code name {unknown[0]}.")
    admitted = lead.require_lead("caseload_changed")
    day = since.date() if since else today
    with lock_people(home):
        purpose = f"{adviser or 'nobody'} from {day}"
        pupil_ids = tuple(ids[handle] for handle in handles)
        who = admitted.name, choose_role(admitted.role)
        lead.log("caseload_changed", *who, pupil_ids=pupil_ids, purpose=purpose)
        Caseload.load(home, keys).add(handles, adviser, day).save(home, keys)
    typer.echo(f"{len(handles)} in the caseload of {purpose}.")


@app.add()
def confirm(lead: Caller) -> None:
    """Confirm that roles.csv is right after somebody edited it. Until then nobody can sign in.

    Type the passphrase of a safeguarding lead who can open identities. So nobody can confirm a role
    that they gave themselves.
    """
    home, keys = lead.open_real_home()
    people = People.load_unconfirmed(home)
    for member in people:
        typer.echo(f"{member.person}: {member.role}")
    name = lead.name
    lead.unlock_identities(name)
    if name not in people.list_leads():
        raise PassphraseError(f"In this file {name} is not a safeguarding lead. Correct it.")
    lead.log("people_changed", name, purpose="by hand")
    with lock_people(home):
        ring, losing = KeyRing(home, keys), []
        for holder in ring.people:
            person = people.find_by_name(holder)
            if person is None:
                had_key = ring.remove(holder)
            else:
                had_key = ring.limit(holder, admission.list_parts(person.role))
            losing += [holder] if had_key else []
        ring.save()
        people.save(home, keys)
    typer.echo("Confirmed.")
    if losing:
        _offer_new_key(lead, " and ".join(losing))


def _offer_new_key(lead: Caller, name: str) -> None:
    """Say what an old copy of the keys still opens, and renew the key if somebody says yes."""
    typer.echo(f"{name} can no longer open identities, except with an old copy of the keys.")
    if lead.passphrase_fd is None and typer.confirm("Renew the key now?"):
        replace_key(lead, lead.name, lead.ask_passphrase(lead.name))
    else:
        typer.echo(f"Renew the key: lac keys rotate --home {quote(lead.folder)}")


def _authorise_lead(lead: Caller, event: str, about: str) -> admission.Principal:
    """Sign in a safeguarding lead, and log the event."""
    admitted = lead.require_lead(event)
    lead.log(event, admitted.name, choose_role(admitted.role), purpose=about)
    return admitted
