"""`lac retention`: what has been kept long enough, shown first and deleted when asked."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.context import Who
from cli.duties.rights import Role, open_register
from cli.options import HomeOption, handle_user_errors
from cli.passphrases import PassphraseFd, Passphrases

if TYPE_CHECKING:
    from datetime import date

    from safeguards.access.access import Session
    from stewardship.retention.schedule import Item

retention = typer.Typer(
    no_args_is_help=True,
    help="What has been kept long enough, by the schedule that the school edits.\n\n"
    "The schedule is retention.csv in the home; without one, lac's own template holds.",
)


@retention.command()
def plan(
    home: HomeOption,
    *,
    role: Role = "manager",
    who: Who = None,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Show what has been kept long enough and why, child by child; delete nothing."""
    with handle_user_errors():
        session, _, items, _ = _plan_retention(home, role, who, Passphrases(passphrase_fd))
        _say(session, items)


@retention.command()
def run(
    home: HomeOption,
    *,
    role: Role = "manager",
    who: Who = None,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Show the same, ask, and delete as an erasure does; a certificate is left in ledger/."""
    from safeguards.errors import RightsError  # noqa: PLC0415
    from safeguards.journal.access_log import get_utc_now  # noqa: PLC0415
    from safeguards.journal.ledger import RETENTION_REASON  # noqa: PLC0415
    from safeguards.keys.keys import Keys  # noqa: PLC0415
    from safeguards.vault.vault import Vault  # noqa: PLC0415
    from stewardship.rights import erase  # noqa: PLC0415

    with handle_user_errors():
        session, rules, items, on = _plan_retention(home, role, who, Passphrases(passphrase_fd))
        due = {item.child.pupil_id: item for item in items if item.is_due}
        _say(session, items)
        if not due:
            return
        wanted = f"delete {len(due)}"
        if typer.prompt(f'Type "{wanted}" to delete them for good') != wanted:
            raise RightsError("Nothing was deleted.")
        if not session.is_current:
            raise RightsError("The data changed meanwhile. Nothing was deleted. Run this again.")
        keys = Keys.load(session.home)
        children = [each for each in Vault.open(session.home, keys).pupils if each.pupil_id in due]
        certificate = erase.erase_pupils(
            session.home,
            keys,
            children,
            why=RETENTION_REASON,
            now=get_utc_now(),
            actor=session.actor,
            role=session.role,
            partial_tables={code: item.tables for code, item in due.items() if not item.is_whole},
            through=on,
            notes=[f"By the schedule, data up to {session.data_until}:", *rules],
        )
        typer.echo(f"Deleted. The certificate is {session.home.ledger / certificate}.")
        typer.echo(erase.UNTRACKED_FILES_NOTICE)


@retention.command()
def readmit(
    home: HomeOption,
    since: Annotated[
        datetime,
        typer.Option(
            "--from", formats=["%Y-%m-%d"], help="The first day of the new stay, as on the roll."
        ),
    ],
    *,
    role: Role = "dsl",
    who: Who = None,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Take a child in again who went whole by the schedule and is at the school anew.

    Asks for the child's UPN, which is kept nowhere. Loads then take the child in under a new
    handle; what is dated before the new stay stays out. It is for the safeguarding lead.
    """
    from safeguards.journal.access_log import get_utc_now  # noqa: PLC0415
    from stewardship.retention import readmit as readmission  # noqa: PLC0415

    with handle_user_errors():
        session, keys, _ = open_register(home, role, who, Passphrases(passphrase_fd), "retention")
        upn = typer.prompt("The child's UPN").strip()
        readmission.readmit(session, keys, upn, since.date(), now=get_utc_now())
        typer.echo(
            f"Noted. Load the school's files: the child comes in under a new handle, with what "
            f"is dated {since.date()} or later."
        )


@retention.command()
def hold(
    handle: Annotated[str, typer.Argument(metavar="HANDLE", help='Such as "copper lantern".')],
    home: HomeOption,
    *,
    lift: Annotated[bool, typer.Option("--lift", help="The hold has ended.")] = False,
    role: Role = "manager",
    who: Who = None,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Keep a child's data whatever the schedule or a request says, as an inquiry may order."""
    from safeguards.journal.access_log import get_utc_now  # noqa: PLC0415
    from stewardship.rights import restrict  # noqa: PLC0415

    with handle_user_errors():
        session, _, _ = open_register(home, role, who, Passphrases(passphrase_fd), "retention")
        changed = restrict.set_flag(session, handle, "hold", in_force=not lift, now=get_utc_now())
        state = "no hold now" if lift else "a hold"
        typer.echo(f"There is {state}." if changed else "That was so already.")


def _plan_retention(
    home: Path, role: str, who: str | None, passphrases: Passphrases
) -> "tuple[Session, list[str], list[Item], date]":
    """The session, the schedule in words, what it says, and the day that it goes by."""
    from queries.store import versions  # noqa: PLC0415
    from safeguards.access import access  # noqa: PLC0415
    from safeguards.journal.access_log import get_utc_now  # noqa: PLC0415
    from stewardship.retention import schedule as retention  # noqa: PLC0415
    from stewardship.rights import restrict  # noqa: PLC0415

    session, keys, _ = open_register(home, role, who, passphrases, "retention")
    path = versions.find_current_version(session.home.store)
    assert path is not None  # noqa: S101 - a session has a version
    rules, is_own = retention.load_schedule(session.home)
    clock = get_utc_now().astimezone().date()
    on = retention.compute_schedule_day(clock, session.data_until)
    typer.echo(f"The schedule is {'the school' if is_own else 'lac'}'s own. Day: {on}.")
    if on < clock:
        typer.echo(f"The clock says {clock}, but the data go up to {on} only.")
    items = retention.plan_deletions(
        retention.fetch_children(access.open_store(path, keys.store)),
        rules,
        restrict.list_pupils_on_hold(session.home, keys),
        on,
    )
    return session, [rule.sentence for rule in rules], items, on


def _say(session: "Session", items: "list[Item]") -> None:
    """A few lines a child, under the handle, which a hold is put on."""
    from safeguards.keys.keys import Keys  # noqa: PLC0415
    from safeguards.vault.vault import Vault  # noqa: PLC0415

    pupils = Vault.open(session.home, Keys.load(session.home)).pupils
    handles = {each.pupil_id: each.handle for each in pupils}
    for item in sorted(items, key=lambda each: handles[each.child.pupil_id]):
        typer.echo(
            f"{handles[item.child.pupil_id]} {_describe_fate(item)} Left on "
            f"{item.child.leaving_date}."
        )
        for part in item.parts:
            rows, verb = f"{part.rows:,} rows", "go" if part.is_due else "stay"
            if part.rows == 1:
                rows, verb = "1 row", "goes" if part.is_due else "stays"
            typer.echo(f"- {part.category}, {rows} {verb}: {part.why}")
    if not any(item.is_due for item in items):
        typer.echo("Nothing is to be deleted.")


def _describe_fate(item: "Item") -> str:
    if item.is_whole:
        return "goes whole, with identity and contacts in the vault."
    if item.is_due:
        return "goes in part; identity and contacts stay in the vault until the child goes whole."
    return "stays."
