"""`lac people`: who holds which role in a real home, and the passphrase they sign in with."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.context import Who, require_lead, sign_in
from cli.options import HomeOption, handle_user_errors
from cli.passphrases import PassphraseFd, Passphrases

if TYPE_CHECKING:
    from safeguards.access.admission import Principal
    from safeguards.access.people import People
    from safeguards.home.home import Home
    from safeguards.keys.keys import Keys

app = typer.Typer(
    no_args_is_help=True,
    help="Who holds which role, by name. Only the safeguarding lead changes it.\n\n"
    "The list is roles.csv in the home. Edit it there if you like, and confirm it here.",
)

Named = Annotated[str, typer.Argument(metavar="NAME", help="The person, by name.")]
Role = Annotated[str, typer.Option("--role", help="pastoral, dsl, teacher, head or manager.")]


@app.command("list")
def list_people(home: HomeOption) -> None:
    """List who holds which role, and who has a passphrase to sign in with."""
    from safeguards.access.admission import list_passphrase_holders  # noqa: PLC0415
    from safeguards.access.people import People  # noqa: PLC0415

    with handle_user_errors():
        opened_home, keys = _open_real_home(home)
        known = list_passphrase_holders(opened_home, keys)
        for each in People.load(opened_home, keys):
            ways = ["passphrase"] * (each.person in known) + ["sign-in service"] * bool(each.sub)
            typer.echo(f"{each.person}: {each.role}, {' and '.join(ways) or 'cannot sign in yet'}")


@app.command()
def add(
    name: Named,
    home: HomeOption,
    role: Role,
    *,
    sub: Annotated[
        str, typer.Option("--sub", help="What the sign-in service calls the person.")
    ] = "",
    tid: Annotated[str, typer.Option("--tid", help="The tenant of the sign-in service.")] = "",
    who: Who = None,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Give a person a role, in place of any that they have."""
    from safeguards.access import name_cards  # noqa: PLC0415
    from safeguards.access.people import Person  # noqa: PLC0415
    from safeguards.vault.vault import Vault  # noqa: PLC0415

    with handle_user_errors():
        opened_home, keys = _open_real_home(home)
        _, people = _authorise_lead(
            opened_home, keys, who, Passphrases(passphrase_fd), "people_changed", f"{name}: {role}"
        )
        people.add_or_replace(Person(name, role, sub, tid)).save(opened_home, keys)
        if not name_cards.has_name_cards(role):
            name_cards.revoke(keys, Vault.open(opened_home, keys).card_key, name)
        typer.echo(f"{name} is {role} now.")
        if not sub:
            typer.echo(f'For a passphrase: lac people passphrase "{name}" --home "{home}"')


@app.command("passphrase")
def set_passphrase(
    name: Named, home: HomeOption, *, who: Who = None, passphrase_fd: PassphraseFd = None
) -> None:
    """Let a person choose a passphrase, in place of one that was forgotten or never there.

    Asks for the lead's first, then for the person's new one, which the lead need not see.
    """
    from safeguards.access import admission, name_cards  # noqa: PLC0415
    from safeguards.access.settings import Settings  # noqa: PLC0415
    from safeguards.errors import PeopleError  # noqa: PLC0415
    from safeguards.vault.vault import Vault  # noqa: PLC0415

    with handle_user_errors():
        opened_home, keys = _open_real_home(home)
        passphrases = Passphrases(passphrase_fd)
        lead, people = _authorise_lead(
            opened_home, keys, who, passphrases, "passphrase_given", name
        )
        person = people.find_by_name(name)
        if person is None:
            raise PeopleError("Nobody of this name holds a role. First: lac people add")
        assert lead.key is not None  # noqa: S101 - by passphrase
        card_key, opening = Vault.open(opened_home, keys).card_key, None
        if name_cards.has_name_cards(person.role):
            opening = name_cards.unlock(opened_home, keys, card_key, lead.name, lead.key)
        key = admission.set_passphrase(
            opened_home, keys, name, passphrases.ask_new(name), Settings.load(opened_home).cost
        )
        if opening is not None:
            name_cards.grant(opened_home, keys, opening, name, key)
        typer.echo(f"{name} can sign in now.")


@app.command()
def change(home: HomeOption, *, who: Who = None, passphrase_fd: PassphraseFd = None) -> None:
    """Change your own passphrase: asks for the old one, then for the new one.

    Whoever has a copy of the old keys can still use the old one on it: see lac keys rotate.
    """
    from safeguards.access import admission  # noqa: PLC0415
    from safeguards.access.settings import Settings  # noqa: PLC0415
    from safeguards.journal.access_log import AccessLog, Event  # noqa: PLC0415

    with handle_user_errors():
        opened_home, keys = _open_real_home(home)
        settings, passphrases = Settings.load(opened_home), Passphrases(passphrase_fd)
        admitted = sign_in(opened_home, passphrases, who)
        old = passphrases.ask(admitted.name)
        admission.change_passphrase(
            opened_home, keys, admitted.name, old, passphrases.ask_new(admitted.name), settings.cost
        )
        AccessLog(opened_home, keys).append(
            Event("passphrase_changed", admitted.name, admitted.role)
        )
        typer.echo(f"The passphrase of {admitted.name} is changed.")


@app.command()
def remove(
    name: Named, home: HomeOption, *, who: Who = None, passphrase_fd: PassphraseFd = None
) -> None:
    """Take role and passphrase from a person who leaves, at once, in every open tab too.

    A holder of the key that opens identities goes out by lac keys remove as well.
    """
    from safeguards.errors import PeopleError  # noqa: PLC0415

    with handle_user_errors():
        opened_home, keys = _open_real_home(home)
        _, people = _authorise_lead(
            opened_home, keys, who, Passphrases(passphrase_fd), "people_changed", f"{name}: none"
        )
        is_listed = people.find_by_name(name) is not None
        if is_listed:
            people.remove(name).save(opened_home, keys)
        if not (_shut_out(opened_home, keys, name) or is_listed):
            raise PeopleError("Nobody of this name is on the list or has a passphrase.")
        typer.echo(f"{name} cannot sign in any more.")


@app.command()
def confirm(home: HomeOption, *, who: Who = None, passphrase_fd: PassphraseFd = None) -> None:
    """Say that roles.csv is right as it was edited by hand; until then nobody can sign in.

    The passphrase is one that opens identities: whoever edits the file cannot confirm it
    by a role that they gave themselves.
    """
    from safeguards.access.admission import list_passphrase_holders  # noqa: PLC0415
    from safeguards.access.people import People  # noqa: PLC0415
    from safeguards.access.settings import Settings  # noqa: PLC0415
    from safeguards.errors import PassphraseError  # noqa: PLC0415
    from safeguards.journal.access_log import AccessLog, Event  # noqa: PLC0415
    from safeguards.keys.keys import unlock_private_key  # noqa: PLC0415
    from safeguards.vault.vault import Vault  # noqa: PLC0415

    with handle_user_errors():
        opened_home, keys = _open_real_home(home)
        people = People.load_unconfirmed(opened_home)
        for each in people:
            typer.echo(f"{each.person}: {each.role}")
        name = who or Settings.load(opened_home).lead
        unlock_private_key(
            opened_home,
            Vault.open(opened_home, keys).public_key,
            name,
            Passphrases(passphrase_fd).ask(name),
        )
        person = people.find_by_name(name)
        if person is None or person.role != "dsl":
            raise PassphraseError(f"{name} is no safeguarding lead by this file. Mend it.")
        AccessLog(opened_home, keys).append(Event("people_changed", name, "dsl", purpose="by hand"))
        people.save(opened_home, keys)
        entering = set(list_passphrase_holders(opened_home, keys))
        for leaver in entering - {each.person for each in people}:
            _shut_out(opened_home, keys, leaver)
        typer.echo("Confirmed.")


def _shut_out(home: "Home", keys: "Keys", name: str) -> bool:
    """Take passphrase and key to the names from a person; whether there was a passphrase."""
    from safeguards.access import admission, name_cards  # noqa: PLC0415
    from safeguards.vault.vault import Vault  # noqa: PLC0415

    name_cards.revoke(keys, Vault.open(home, keys).card_key, name)
    return admission.revoke_passphrase(home, keys, name)


def _authorise_lead(
    home: "Home", keys: "Keys", who: str | None, passphrases: Passphrases, event: str, about: str
) -> "tuple[Principal, People]":
    """A safeguarding lead who has shown who they are, and the people of the home.

    The line is in the log by then, with whom it is about.
    """
    from safeguards.access.people import People  # noqa: PLC0415
    from safeguards.journal.access_log import AccessLog, Event  # noqa: PLC0415

    admitted = require_lead(home, passphrases, who, event)
    AccessLog(home, keys).append(Event(event, admitted.name, admitted.role, purpose=about))
    return admitted, People.load(home, keys)


def _open_real_home(folder: Path) -> "tuple[Home, Keys]":
    from safeguards.errors import PeopleError  # noqa: PLC0415
    from safeguards.home.home import Home  # noqa: PLC0415
    from safeguards.keys.keys import Keys  # noqa: PLC0415

    home = Home.open(folder)
    if home.is_demo:
        raise PeopleError("A made-up school lists nobody: its pages offer every role.")
    return home, Keys.load(home)
