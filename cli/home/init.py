"""`lac init`: a home for one school, its keys, and the papers that it begins with."""

import os
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import HomeOption, handle_user_errors
from cli.passphrases import PassphraseFd, Passphrases

if TYPE_CHECKING:
    from safeguards.access.people import Person


def run_init(
    home: HomeOption,
    *,
    school: Annotated[str | None, typer.Option("--school", help="The school's name.")] = None,
    lead: Annotated[
        str | None, typer.Option("--lead", help="The safeguarding lead, by name.")
    ] = None,
    deputy: Annotated[
        str | None,
        typer.Option("--deputy", help='Who can open identities too; "" for nobody.'),
    ] = None,
    person: Annotated[
        list[str] | None,
        typer.Option("--person", metavar="ROLE=NAME", help="Somebody else and their role."),
    ] = None,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Make the home of a school: its keys, vault, settings, and drafts of the papers.

    Asks for what is not given.  Passphrases are asked for, or read a line each: the lead's,
    then the deputy's.  Exit code 0: made; 2: not made, and the message says why.
    """
    from intake.contract import EXPORTS  # noqa: PLC0415
    from safeguards.access import admission, name_cards  # noqa: PLC0415
    from safeguards.access.people import People, Person  # noqa: PLC0415
    from safeguards.access.settings import Settings  # noqa: PLC0415
    from safeguards.home.home import Home, create_real  # noqa: PLC0415
    from safeguards.home.location import refuse_shared  # noqa: PLC0415
    from safeguards.journal.access_log import AccessLog, Event, get_utc_now  # noqa: PLC0415
    from safeguards.keys import passphrase as phrases  # noqa: PLC0415
    from safeguards.keys.keys import Keys, get_keys_folder  # noqa: PLC0415
    from safeguards.vault.vault import Vault  # noqa: PLC0415
    from stewardship import papers  # noqa: PLC0415
    from stewardship.retention import schedule  # noqa: PLC0415

    with handle_user_errors():
        refuse_shared(home)  # before anybody types a passphrase for nothing
        passphrases = Passphrases(passphrase_fd)
        school = _name(school, "The school's name", "--school", passphrases)
        lead = _name(lead, "The safeguarding lead's name", "--lead", passphrases)
        deputy = _deputy(deputy, lead, passphrases)
        names = [lead, *([deputy] if deputy else [])]
        people = People(
            (
                *(Person(name, "dsl") for name in names),
                *(_person(text) for text in person or []),
            )
        )
        holders = {name: passphrases.ask_new(name) for name in names}

        def fill(made: Home) -> None:
            refuse_shared(get_keys_folder(made, os.environ))
            keys = Keys.create(made, holders=holders, cost=phrases.DEFAULT_COST)
            Settings(school, lead, phrases.DEFAULT_COST).save(made)
            papers.write(
                made,
                school=school,
                exports={export.name: export.grain for export in EXPORTS},
                on=get_utc_now().date(),
            )
            people.save(made, keys)
            vault = Vault(made, keys)
            vault.card_key = name_cards.create_card_key(
                made,
                keys,
                {
                    name: admission.set_passphrase(made, keys, name, phrase, phrases.DEFAULT_COST)
                    for name, phrase in holders.items()
                },
            )
            vault.save()
            AccessLog(made, keys).append(Event("init", lead, "dsl"))

        made = create_real(home, fill)
        typer.echo(f"The home of {school} is {made.folder}.")
        typer.echo(
            f"Its keys are in {get_keys_folder(made, os.environ)}: back them up apart from it."
        )
        typer.echo(f"Confirm each line of {made.folder / schedule.FILE}.")
        typer.echo(f"Check and sign the drafts in {made.folder / papers.FOLDER}.")
        for each in people:
            if each.person not in holders:
                typer.echo(
                    f"{each.person} still needs a passphrase to sign in: lac people passphrase"
                )
        typer.echo("Write the passphrase down, seal it, and put it in the school's safe.")


def _name(given: str | None, question: str, option: str, passphrases: Passphrases) -> str:
    from safeguards.access.settings import is_name  # noqa: PLC0415

    if given is None and not passphrases.is_typed:
        raise typer.BadParameter("it is needed with --passphrase-fd", param_hint=option)
    text = str(typer.prompt(question)) if given is None else given
    if not is_name(text.strip()):
        raise typer.BadParameter("a name has 1 to 80 characters", param_hint=option)
    return text.strip()


def _deputy(given: str | None, lead: str, passphrases: Passphrases) -> str | None:
    """The deputy's name; None for nobody."""
    if given is None and passphrases.is_typed:
        given = str(typer.prompt("A deputy's name, or nothing", default="", show_default=False))
    if not given or not given.strip():
        return None
    if given.strip() == lead:
        raise typer.BadParameter("the deputy is somebody else", param_hint="--deputy")
    return _name(given, "", "--deputy", passphrases)


def _person(text: str) -> "Person":
    """Who is meant by "teacher=A. Name"."""
    from safeguards.access.people import GRANTABLE_ROLES, Person  # noqa: PLC0415
    from safeguards.access.settings import is_name  # noqa: PLC0415

    role, _, name = text.partition("=")
    if role not in GRANTABLE_ROLES or not is_name(name):
        raise typer.BadParameter(
            f"say ROLE=NAME with one of {', '.join(GRANTABLE_ROLES)}", param_hint="--person"
        )
    return Person(name, role)
