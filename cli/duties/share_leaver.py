"""`lac share`, what a child who has left is owed: the pack, its receipt, and what is due."""

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.context import Who, ask_passphrase
from cli.duties.rights import Handle
from cli.duties.share import To, open_sharing_session, print_share, share
from cli.options import HomeOption, handle_user_errors
from cli.passphrases import PassphraseFd, Passphrases

__all__ = ["share"]

if TYPE_CHECKING:
    from stewardship.sharing.leaver import OwedPackPart


@share.command("leaver")
def run_leaver(
    handle: Handle,
    home: HomeOption,
    to: To,
    *,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="The folder to write to.")
    ] = None,
    only: Annotated[
        str | None, typer.Option("--only", help='"protection file" or "Common Transfer data".')
    ] = None,
    went: Annotated[
        datetime | None,
        typer.Option("--went", formats=["%Y-%m-%d"], help="Write nothing: it went another way."),
    ] = None,
    who: Who = None,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Write the pack of a child who leaves, for the next school, or say when it went.

    Two files: what is here for the protection file, from lead to lead, whose receipt is
    awaited; and what is here of the Common Transfer data, for the office.
    """
    from stewardship.sharing.child import Sharing  # noqa: PLC0415
    from stewardship.sharing.leaver import PURPOSE, record_pack_sent, share_pack  # noqa: PLC0415

    if (out is None) == (went is None):
        raise typer.BadParameter("name a folder, or the day on which it went", param_hint="--out")
    with handle_user_errors():
        passphrases = Passphrases(passphrase_fd)
        sharing = Sharing(open_sharing_session(home, passphrases, who), to, PURPOSE)
        if went is not None:
            for noted in record_pack_sent(sharing, handle, went.date(), only=only):
                typer.echo(f"Noted: {noted.what}, {noted.share_id}.")
        elif out is not None:
            phrase = partial(ask_passphrase, sharing.session, passphrases)
            for path, each in share_pack(sharing, handle, out, passphrase=phrase, only=only):
                print_share(each, path)


@share.command("receipt")
def record_receipt(
    share_id: Annotated[str, typer.Argument(metavar="ID", help="From lac share list or due.")],
    home: HomeOption,
    on: Annotated[
        datetime, typer.Option("--on", formats=["%Y-%m-%d"], help="The day of the receipt.")
    ],
    *,
    who: Who = None,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Say that the recipient has confirmed that something came."""
    from stewardship.sharing.child import record_receipt  # noqa: PLC0415

    with handle_user_errors():
        done = record_receipt(
            open_sharing_session(home, Passphrases(passphrase_fd), who), share_id, on.date()
        )
        typer.echo(f"Noted: {done.recipient} has the {done.what}.")


@share.command("due")
def list_due(
    home: HomeOption,
    *,
    on: Annotated[
        datetime | None,
        typer.Option("--on", formats=["%Y-%m-%d"], help="As on this day; today if unset."),
    ] = None,
    who: Who = None,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """List whose pack or receipt is due or overdue, of the children who have left.

    Sending is done outside the data, so this goes by the clock and not by the last mark.
    """
    from safeguards.journal.access_log import get_utc_now  # noqa: PLC0415
    from stewardship.sharing.leaver import list_owed  # noqa: PLC0415

    with handle_user_errors():
        day = on.date() if on else get_utc_now().astimezone().date()
        found = list_owed(open_sharing_session(home, Passphrases(passphrase_fd), who), day)
        for each in found:
            late = "overdue, was due by" if each.is_overdue(day) else "due by"
            when = (
                f"{late} {each.due_on}"
                if each.due_on
                else "due on a day that cannot be known: load a calendar that reaches further"
            )
            typer.echo(
                f"{each.child.handle}, left {each.leaving_date}: {_describe_owed(each)}, {when}"
            )
        if not found:
            typer.echo("Nothing is owed to a child who has left.")


def _describe_owed(each: "OwedPackPart") -> str:
    if each.sent is None:
        return f"{each.what} to be sent"
    return f"receipt for the {each.what} of {each.sent.shared_on} ({each.sent.share_id})"
