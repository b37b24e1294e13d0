"""`lac share`: share data about children with listed recipients, and record leavers' files."""

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
from safeguards.access.roles import choose_role
from safeguards.journal.access_log import get_utc_now
from stewardship.packets import leaver, share
from stewardship.registers import recipients
from stewardship.registers.shares import GROUNDS, Share

app = Commands(
    "Share data about children with recipients on the school's list. Safeguarding lead "
    "only.\n\nThe list is recipients.csv in the school's folder. What is shared, with whom "
    "and why is logged before the file is made."
)

Name = Annotated[str, Argument(metavar="NAME", help="The recipient, as on the list.")]
To = Annotated[str, Option("--to", help="The recipient, as lac share recipients shows it.")]
Ground = Annotated[str, Option("--ground", help=f"The lawful basis: {', '.join(GROUNDS)}.")]
Purpose = Annotated[str, Option("--purpose", help="Why, in 10 to 100 characters, without names.")]


@dataclass
class _Sender(Caller):
    def authorise_change(self) -> tuple[str, str]:
        """Return the name and role of the caller, also before the first load of the home."""
        if self.home.is_demo:
            return getpass.getuser(), self.role
        admitted = self.sign_in()
        return admitted.name, choose_role(admitted.role)


@app.add("recipients")
def list_recipients(at: HomeContext) -> None:
    """List the school's recipients, and the kinds of recipient that the privacy notice allows."""
    listed = recipients.load_recipients(at.home, at.keys)
    for recipient in listed:
        typer.echo(f"{recipient.name}: {recipient.kind}")
    if not listed:
        typer.echo("The list is empty. To add a recipient: lac share add NAME --kind KIND")
    typer.echo(f"Kinds: {', '.join(RECIPIENT_KINDS)}.", err=True)


@app.add()
def add(
    name: Name,
    sender: _Sender,
    kind: Annotated[str, Option(help="A kind that lac share recipients lists.")],
) -> None:
    """Add a recipient to the school's list. The change is logged first."""
    actor, role = sender.authorise_change()
    recipients.add(sender.home, sender.keys, name, kind, actor=actor, role=role)
    typer.echo("The recipient is on the list.")


@app.add()
def remove(name: Name, sender: _Sender) -> None:
    """Take a recipient off the school's list. What the recipient was given stays on record."""
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
        list[str] | None,
        Option(metavar="PART", help="Only this part, such as sdq. Repeat it for more."),
    ] = None,
) -> None:
    """Write one child's record, with name and UPN, for one recipient. Needs a passphrase.

    The file contains what this kind of recipient may have.  The file is not encrypted, so send it
    securely and then delete it.
    """
    sharing = share.Sharing(sender.open_session(share.PURPOSE), to, purpose, ground)
    phrase = partial(sender.ask_identity_passphrase, sharing.session)
    _say_shared(share.share_child(sharing, handle, out, passphrase=phrase, only=only or ()), out)


@app.add("list")
def list_shares(sender: _Sender) -> None:
    """List what was shared, when, with whom, and for how many children."""
    shares = share.list_shares(sender.open_session(share.PURPOSE))
    for done in shares:
        typer.echo(_describe_share(done))
    if not shares:
        typer.echo("Nothing was shared.")


@app.add("leaver")
def run_leaver(
    handle: Handle,
    sender: _Sender,
    to: To,
    went: Annotated[datetime, DayOption(help="The date on which it was sent.")],
    only: Annotated[str | None, Option(help='"protection file" or "Common Transfer File".')] = None,
) -> None:
    """Record when a leaver's protection file and Common Transfer File were sent.

    The school's own systems make both. The protection file goes from DSL to DSL with a receipt.
    """
    sharing = share.Sharing(sender.open_session(share.PURPOSE), to, leaver.PURPOSE, leaver.GROUND)
    for noted in leaver.record_sent(sharing, handle, went.date(), only=only):
        typer.echo(f"Noted: {noted.what}, {noted.share_id}.")


@app.add("receipt")
def record_receipt(
    share_id: Annotated[str, Argument(metavar="ID", help="From lac share list or due.")],
    sender: _Sender,
    on: Annotated[datetime, DayOption(help="The date of the receipt.")],
) -> None:
    """Record that a recipient has confirmed receipt."""
    done = share.record_receipt(sender.open_session(share.PURPOSE), share_id, on.date())
    typer.echo(f"Noted: {done.recipient} has the {done.what}.")


@app.add("due")
def list_due(
    sender: _Sender,
    on: Annotated[datetime | None, DayOption(help="The date. If not given, today.")] = None,
) -> None:
    """List the leavers' files and receipts that are due or overdue.

    Files are sent outside this program, so what is due depends on today's date and not on the last
    mark.
    """
    day = on.date() if on else get_utc_now().astimezone().date()
    files = leaver.list_owed(sender.open_session(share.PURPOSE), day)
    for file in files:
        late = "overdue, was due on" if file.is_overdue(day) else "due by"
        when = (
            f"{late} {file.due_on}"
            if file.due_on
            else "due on a date that is not known: load a calendar that goes further ahead"
        )
        typer.echo(f"{file.child.handle}, left {file.leaving_date}: {_describe_owed(file)}, {when}")
    if not files:
        typer.echo("Nothing is due for any child who has left.")


def _say_shared(done: Share, out: Path) -> None:
    """Print where the file is, who it is for, and its id in the register."""
    typer.echo(f"{out} is for {done.recipient}. The file is not encrypted, so send it securely.")
    typer.echo(f"The id in the register is {done.share_id}.", err=True)


def _describe_share(done: Share) -> str:
    """Describe a done in a line that names no child."""
    state = "" if done.is_done else ", perhaps not written"
    if done.receipt_on:
        state = f", receipt of {done.receipt_on}"
    return (
        f"{done.share_id}  {done.shared_on}  {done.recipient}: {done.what}, "
        f"{count(len(done.pupil_ids), 'child')}{state}; purpose: {done.purpose}; "
        f"ground: {done.ground}"
    )


def _describe_owed(file: leaver.OwedFile) -> str:
    if file.sent is None:
        return f"{file.what} to be sent"
    return f"receipt for the {file.what} of {file.sent.shared_on} ({file.sent.share_id})"
