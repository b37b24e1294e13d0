"""`lac init` and `lac categories`: make a home, and choose which kinds of data it keeps."""

import os
from dataclasses import dataclass, field
from typing import Annotated

import typer
from typer import Option

from cli.commands import Commands
from cli.context import Caller
from intake.switches import AT_FIRST, load_switched_off, save_switches
from queries.contract import EXPORTS, get_category
from safeguards.access.admission import set_up_vault
from safeguards.access.people import People, Person
from safeguards.access.roles import LEADS, list_roles
from safeguards.access.settings import Settings, is_name
from safeguards.files import quote
from safeguards.home.home import Home, create_real
from safeguards.home.location import refuse_shared
from safeguards.journal.access_log import AccessLog, Event, get_utc_now
from safeguards.keys.home_of import HomeOf, set_home_of
from safeguards.keys.keys import Keys, get_keys_folder
from stewardship import papers
from stewardship.retention import schedule

app = Commands()

Files = Annotated[list[str] | None, Option(metavar="FILE", help="Keep it, such as offending.csv.")]
OffFiles = Annotated[list[str] | None, Option(metavar="FILE", help="Do not keep this kind.")]


@dataclass
class _Founder(Caller):
    """A caller without a name: nobody can sign in to a home that does not exist yet."""

    who: str | None = field(default=None, init=False)


@dataclass(frozen=True)
class _Start:
    """The first contents of a home.

    people: everybody with a role, the lead first.  holders: the passphrases of the lead and the
    deputy, by name, which open identities.
    """

    kind: HomeOf
    settings: Settings
    people: People
    holders: dict[str, str]


@app.add("init")
def run_init(
    founder: _Founder,
    school: Annotated[str | None, Option(help="The school's name.")] = None,
    lead: Annotated[str | None, Option(help="The safeguarding lead, by name.")] = None,
    deputy: Annotated[
        str | None, Option(help='The deputy, who can open identities too; "" for nobody.')
    ] = None,
    kind: Annotated[
        HomeOf, Option(help="Whose folder it is: a school's, a trust's or an authority's.")
    ] = "school",
    authority: Annotated[
        str | None, Option(help="The local authority, by the name that your care files use.")
    ] = None,
    person: Annotated[
        list[str] | None,
        Option(metavar="ROLE=NAME", help="A person and a role of theirs. Repeat it for more."),
    ] = None,
) -> None:
    """Make a school's folder, with its keys, settings and drafts of the data protection papers.

    With --kind trust or authority, make the folder of a trust or a Virtual School. The school's
    name is then the trust's or the Virtual School's. With --authority the pages say which children
    are looked after by that local authority, and which by another.

    Asks for anything that is not given.  Passphrases are asked for, or read one on each line: the
    lead's, then the deputy's.  Exit code 0: made; 2: not made, and the message says why.
    """
    refuse_shared(founder.folder)  # before anybody types a passphrase for nothing
    school = _ask_name(school, "The school's name", "--school", founder)
    lead = _ask_name(lead, "The safeguarding lead's name", "--lead", founder)
    deputy = _ask_optional(deputy, "The deputy's name, or nothing", "--deputy", founder)
    if deputy == lead:
        raise typer.BadParameter("the deputy must be a different person", param_hint="--deputy")
    question = "The local authority's name, as your care files write it, or nothing"
    asked = question if kind == "authority" else ""
    authority = _ask_optional(authority, asked, "--authority", founder)
    names = [lead, *([deputy] if deputy else [])]
    leads = [Person(name, LEADS[kind]) for name in names]
    people = People(tuple(leads))
    for text in person or []:
        people = people.add_roles(_parse_person(text, kind))
    holders = {name: founder.ask_new_passphrase(name) for name in names}
    start = _Start(kind, Settings(school, lead, authority=authority), people, holders)
    _say_made(create_real(founder.folder, lambda home: _fill(home, start)), start)


@app.add("categories")
def run_categories(caller: Caller, on: Files = None, off: OffFiles = None) -> None:
    """List the kinds of data that a school can choose to keep, or switch a kind on or off.

    Data of a kind that is off is not asked for, not loaded and not shown. Rows loaded before are
    hidden until the retention schedule deletes them. In a real school the safeguarding lead must
    confirm the change. Exit code 0: done; 2: not done.
    """
    if on or off:
        if not caller.home.is_demo:
            caller.require_lead("categories")
        now = load_switched_off(caller.home, caller.keys)
        save_switches(caller.home, caller.keys, (now - set(on or ())) | set(off or ()))
        caller.bring_up_to_date()
    now_off = load_switched_off(caller.home, caller.keys)
    for name in AT_FIRST:
        kept = "off" if name in now_off else "on"
        typer.echo(f"{kept:<4}{name}: {get_category(name).name}")


def _fill(home: Home, start: _Start) -> None:
    """Write the keys, settings, papers, people and vault of a new home."""
    refuse_shared(get_keys_folder(home, os.environ))
    keys = Keys.create(home)
    set_home_of(keys, start.kind)
    start.settings.save(home, keys)
    papers.write(
        home,
        keys,
        school=start.settings.school,
        exports={export.name: export.grain for export in EXPORTS},
        on=get_utc_now().date(),
    )
    start.people.save(home, keys)
    set_up_vault(home, keys, start.people, start.holders)
    AccessLog(home, keys).append(Event("init", start.settings.lead, LEADS[start.kind]))


def _say_made(home: Home, start: _Start) -> None:
    """Print where the new home is, and what people have to do next."""
    at = f"--home {quote(home.folder)}"
    typer.echo(f"The folder of {start.settings.school} is {home.folder}.")
    typer.echo(f"The keys are in {get_keys_folder(home, os.environ)}. Back them up separately.")
    typer.echo(f"Check each line of {home.folder / schedule.FILE}. If you change any:")
    typer.echo(f"lac keys confirm {schedule.FILE} {at}")
    typer.echo(f"Check and sign the drafts in {home.folder / papers.FOLDER}.")
    for member in start.people:
        if member.person not in start.holders:
            typer.echo(
                f"{member.person} still needs a passphrase to sign in: "
                f"lac people passphrase {quote(member.person)} {at}"
            )
    typer.echo("Write the passphrase down, seal the paper, and put it in the school's safe.")


def _ask_name(given: str | None, question: str, option: str, founder: _Founder) -> str:
    if given is None and founder.passphrase_fd is not None:
        raise typer.BadParameter("it is needed with --passphrase-fd", param_hint=option)
    text = str(typer.prompt(question)) if given is None else given
    if not is_name(text.strip()):
        raise typer.BadParameter("a name must have 1 to 80 characters", param_hint=option)
    return text.strip()


def _ask_optional(given: str | None, question: str, option: str, founder: _Founder) -> str:
    """Return the name, or "" for none.  Ask for it if it is not given and there is a question."""
    if given is None and question and founder.passphrase_fd is None:
        given = str(typer.prompt(question, default="", show_default=False))
    return _ask_name(given, "", option, founder) if given and given.strip() else ""


def _parse_person(text: str, home_of: HomeOf) -> Person:
    """Return the person and role of a text such as "teacher=A. Name"."""
    role, _, name = text.partition("=")
    if role not in (known := list_roles(home_of)[:-1]) or not is_name(name):
        raise typer.BadParameter(
            f"give ROLE=NAME, with one of these roles: {', '.join(known)}", param_hint="--person"
        )
    return Person(name, role)
