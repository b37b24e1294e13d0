"""`lac share`: data about children for recipients on the school's list, and for a next school."""

import getpass
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from typer import Argument, Option

from cli.commands import Commands
from cli.context import Caller, HomeContext
from cli.options import DayOption, Handle
from cli.say import count
from queries.contract.model.category import RECIPIENT_KINDS
from safeguards.journal.access_log import get_utc_now
from stewardship.packets import leaver, share
from stewardship.registers import recipients
from stewardship.registers.shares import GROUNDS, Share

app = Commands(
    "Share data about children with recipients on the school's list: for the lead.\n\n"
    "The list is recipients.csv in the home. The log says what is shared with whom, and why, "
    "before a file is there."
)

Name = Annotated[str, Argument(metavar="NAME", help="The recipient, as on the list.")]
To = Annotated[str, Option("--to", help="The recipient, as lac share recipients has it.")]
Ground = Annotated[str, Option("--ground", help=f"By which law: {', '.join(GROUNDS)}.")]
Purpose = Annotated[str, Option("--purpose", help="Why, in 10 to 100 characters, without names.")]


@dataclass
class _Sender(Caller):
    def authorise_change(self) -> tuple[str, str]:
        """Name and role of whoever changes the list; the home need not be loaded yet."""
        if self.home.is_demo:
            return getpass.getuser(), self.role
        admitted = self.sign_in()
        return admitted.name, admitted.role


@app.add("recipients")
def list_recipients(at: HomeContext) -> None:
    """List with whom the school shares, and the kinds that the privacy notice knows."""
    found = recipients.load_recipients(at.home, at.keys)
    for each in found:
        typer.echo(f"{each.name}: {each.kind}")
    if not found:
        typer.echo("Nobody is on the list. Add a recipient: lac share add NAME --kind KIND")
    typer.echo(f"Kinds: {', '.join(RECIPIENT_KINDS)}.", err=True)


@app.add()
def add(
    name: Name,
    sender: _Sender,
    kind: Annotated[str, Option(help="One that lac share recipients tells.")],
) -> None:
    """Put a recipient on the list; the log says so first."""
    actor, role = sender.authorise_change()
    recipients.add(sender.home, sender.keys, name, kind, actor=actor, role=role)
    typer.echo("The recipient is on the list.")


@app.add()
def remove(name: Name, sender: _Sender) -> None:
    """Take a recipient off the list: what it was given before stays on record."""
    actor, role = sender.authorise_change()
    recipients.remove(sender.home, sender.keys, name, actor=actor, role=role)
    typer.echo("The recipient is off the list.")


@app.add("child")
def run_share_child(
    handle: Handle,
    sender: _Sender,
    to: To,
    purpose: Purpose,
    ground: Ground,
    out: Annotated[Path, Option(metavar="FILE.zip", help="The file to write.")],
    only: Annotated[
        list[str] | None, Option(metavar="PART", help="Only this part, such as sdq; repeat it.")
    ] = None,
) -> None:
    """Write one child's record, with name and UPN, for one recipient: by passphrase.

    It holds what a recipient of the kind may have.  The file is not encrypted: send it by a
    way that is safe, and delete it then.
    """
    sharing = share.Sharing(sender.open_session(share.PURPOSE), to, purpose, ground)
    phrase = partial(sender.ask_identity_passphrase, sharing.session)
    _say_shared(share.share_child(sharing, handle, out, passphrase=phrase, only=only or ()), out)


@app.add("list")
def list_shares(sender: _Sender) -> None:
    """List what was shared, the newest last: its id, day, recipient, what, for how many."""
    found = share.list_shares(sender.open_session(share.PURPOSE))
    for each in found:
        typer.echo(_describe_share(each))
    if not found:
        typer.echo("Nothing was shared.")


@app.add("leaver")
def run_leaver(
    handle: Handle,
    sender: _Sender,
    to: To,
    out: Annotated[Path | None, Option(metavar="DIR", help="The folder to write to.")] = None,
    only: Annotated[str | None, Option(help='"protection file" or "Common Transfer data".')] = None,
    went: Annotated[datetime | None, DayOption(help="Write nothing: it went another way.")] = None,
) -> None:
    """Write the pack of a child who leaves, for the next school, or say when it went.

    Two files: what is here for the protection file, from lead to lead, whose receipt is
    awaited; and what is here of the Common Transfer data, for the office.
    """
    if (out is None) == (went is None):
        raise typer.BadParameter("name a folder, or the day on which it went", param_hint="--out")
    sharing = share.Sharing(sender.open_session(share.PURPOSE), to, leaver.PURPOSE, leaver.GROUND)
    if went is not None:
        for noted in leaver.record_pack_sent(sharing, handle, went.date(), only=only):
            typer.echo(f"Noted: {noted.what}, {noted.share_id}.")
    elif out is not None:
        phrase = partial(sender.ask_identity_passphrase, sharing.session)
        for path, each in leaver.share_pack(sharing, handle, out, passphrase=phrase, only=only):
            _say_shared(each, path)


@app.add("receipt")
def record_receipt(
    share_id: Annotated[str, Argument(metavar="ID", help="From lac share list or due.")],
    sender: _Sender,
    on: Annotated[datetime, DayOption(help="The day of the receipt.")],
) -> None:
    """Say that the recipient has confirmed that something came."""
    done = share.record_receipt(sender.open_session(share.PURPOSE), share_id, on.date())
    typer.echo(f"Noted: {done.recipient} has the {done.what}.")


@app.add("due")
def list_due(
    sender: _Sender,
    on: Annotated[datetime | None, DayOption(help="As on this day; today if unset.")] = None,
) -> None:
    """List whose pack or receipt is due or overdue, of the children who have left.

    Sending is done outside the data, so this goes by the clock and not by the last mark.
    """
    day = on.date() if on else get_utc_now().astimezone().date()
    found = leaver.list_owed(sender.open_session(share.PURPOSE), day)
    for each in found:
        late = "overdue, was due by" if each.is_overdue(day) else "due by"
        when = (
            f"{late} {each.due_on}"
            if each.due_on
            else "due on a day that cannot be known: load a calendar that reaches further"
        )
        typer.echo(f"{each.child.handle}, left {each.leaving_date}: {_describe_owed(each)}, {when}")
    if not found:
        typer.echo("Nothing is owed to a child who has left.")


def _say_shared(done: Share, out: Path) -> None:
    """Say where a file is, for whom, and its id in the register."""
    typer.echo(f"{out} is for {done.recipient}. It is not encrypted: send it by a safe way.")
    typer.echo(f"The register has it as {done.share_id}.", err=True)


def _describe_share(each: Share) -> str:
    """One share in one line; no child is named."""
    state = "" if each.is_done else ", not known to be written"
    if each.receipt_on:
        state = f", receipt of {each.receipt_on}"
    return (
        f"{each.share_id}  {each.shared_on}  {each.recipient}: {each.what}, "
        f"{count(len(each.pupil_ids), 'child')}{state}; purpose: {each.purpose}; "
        f"ground: {each.ground}"
    )


def _describe_owed(each: leaver.OwedPackPart) -> str:
    if each.sent is None:
        return f"{each.what} to be sent"
    return f"receipt for the {each.what} of {each.sent.shared_on} ({each.sent.share_id})"
