"""`lac audit`: show the access log, and confirm a gap in it."""

import getpass
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import typer
from typer import Option

from cli.commands import Commands
from cli.context import Caller
from cli.options import AsJson, DayOption
from cli.say import say_json, say_lines
from safeguards.files import quote
from safeguards.journal import audit
from safeguards.journal.access_log import AccessLog, Event, is_pupil_id

app = Commands("Read the log of who looked at what, and when.")

_COLUMNS = ("line", "when (UTC)", "event", "who", "role", "page", "child", "why")


@dataclass
class _Auditor(Caller):
    role: Annotated[str, Option(help="The role, in a demo. It must be allowed to ask.")] = "dsl"


@app.add()
def show(
    auditor: _Auditor,
    child: Annotated[str | None, Option(help="Only this child, by code name or pupil_id.")] = None,
    since: Annotated[datetime | None, DayOption(help="Only from this date on.")] = None,
    as_json: AsJson = False,
) -> None:
    """Print the access log as a table, with the latest line last.  Reading it is itself logged.

    Exit code 0: shown; 2: not allowed, or the folder cannot be read.
    """
    session = auditor.open_session("audit")
    handles = auditor.get_handles()
    rows = session.read_log(None if child is None else _find_pupil_id(child, handles))
    verdict = audit.verify(auditor.home, auditor.keys)
    first = f"{since:%Y-%m-%d}" if since else ""
    chosen = [row for row in rows if str(row.get("at", "")) >= first]
    columns: tuple[str, ...] = _COLUMNS
    table: list[tuple[str, ...]] = [_format_record(row, handles) for row in chosen]
    if any("address" in row for row in chosen):  # lac serve writes addresses
        columns = (*columns, "from")
        addresses = [_make_printable(row.get("address")) for row in chosen]
        table = [(*cells, address) for cells, address in zip(table, addresses, strict=True)]
    if as_json:
        say_json([dict(zip(columns, cells, strict=True)) for cells in table])
    else:
        say_lines(_format_table(columns, table))
    if not verdict.is_whole:
        typer.echo(f"This log is broken. See: lac doctor --home {quote(auditor.folder)}", err=True)


@app.add("gap")
def declare_gap(
    lead: Caller, backup_of: Annotated[datetime, DayOption(help="The date of the backup.")]
) -> None:
    """Confirm that it was right to restore a backup, which leaves a gap in the access log.

    In a real school only a safeguarding lead can confirm the gap.  The log keeps who did so and the
    date of the backup.
    Exit code 0: confirmed, or there is no gap; 2: not allowed, or cannot be written.
    """
    actor = getpass.getuser() if lead.home.is_demo else lead.require_lead("gap").name
    why = f"backup of {backup_of:%Y-%m-%d} put back"
    if not audit.verify(lead.home, lead.keys).has_open_gap:
        typer.echo("The log has no gap, so nothing was written.")
        return
    AccessLog(lead.home, lead.keys).append(Event(audit.GAP, actor, "dsl", purpose=why))
    typer.echo("The gap has been recorded.")


def _find_pupil_id(child: str, handles: Mapping[str, str]) -> str:
    """Return the pupil_id of a handle.  Keep a pupil_id as it is, also of an erased child."""
    wanted = " ".join(child.lower().split())
    known = {handle: pupil_id for pupil_id, handle in handles.items()}
    if wanted in known:
        return known[wanted]
    if is_pupil_id(child):
        return child
    raise typer.BadParameter("No child here has this code name.", param_hint="--child")


def _format_record(record: Mapping[str, Any], handles: Mapping[str, str]) -> tuple[str, ...]:
    children = [handles.get(pupil_id, pupil_id) for pupil_id in record.get("pupil_ids") or ()]
    at = str(record.get("at", ""))[:16].replace("T", " ")
    values = (record.get(name) for name in ("event", "actor", "role", "page"))
    return (
        str(record.get("number", "-")),
        at,
        *(_make_printable(value) for value in values),
        ", ".join(_make_printable(child) for child in children) or "-",
        _make_printable(record.get("purpose")),
    )


def _make_printable(value: object) -> str:
    """Replace each control character of a text with "?", and null or an empty text with "-"."""
    text = "" if value is None else str(value)
    return "".join(sign if sign.isprintable() else "?" for sign in text) or "-"


def _format_table(titles: tuple[str, ...], rows: list[tuple[str, ...]]) -> Iterable[str]:
    """Yield the lines of a text table, with its first column aligned to the right."""
    widths = [max(map(len, column)) for column in zip(titles, *rows, strict=True)]
    for first, *cells in (titles, *rows):
        padded = [cell.ljust(width) for cell, width in zip(cells, widths[1:], strict=True)]
        yield "  ".join([first.rjust(widths[0]), *padded]).rstrip()
