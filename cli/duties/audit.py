"""`lac audit`: whether the access log is as it was written, and what it says."""

import getpass
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Annotated, Any

import typer
from typer import Option

from cli.commands import Commands
from cli.context import Caller, HomeContext
from cli.options import TO_FIX, AsJson, DayOption
from cli.say import count, say_json, say_lines
from dashboard.text.words import pluralise
from safeguards.files import quote
from safeguards.journal import audit
from safeguards.journal.access_log import AccessLog, Event, is_pupil_id

app = Commands("Check or read the log of who looked at what, and when.")

_COLUMNS = ("line", "when (UTC)", "event", "who", "role", "page", "child", "why")
#: What is wrong by kind, and by whether it is known how many lines it is about.
_FAULT_MESSAGES = {
    ("changed", False): "line {line} of the file was changed, moved or added",
    ("missing", True): "{were} removed before line {line} of the file",
    ("break", False): "its end was changed or replaced before line {line} of the file",
    ("break", True): "{were} removed from its end before line {line} of the file",
    ("end", False): "its end is not as it was last written",
    ("end", True): "{were} removed from the end",
    ("head", False): "its head, which is kept with the keys, is missing or damaged",
    ("head", True): "its head, which is kept with the keys, is {lines} behind",
}
_DAMAGED = (
    "Keep the file as it is, and tell the data protection officer. If a backup was restored: "
    "lac audit gap."
)


@dataclass
class _Auditor(Caller):
    role: Annotated[str, Option(help="The role, in a demo. It must be allowed to ask.")] = "dsl"


@app.add()
def verify(at: HomeContext, as_json: AsJson = False) -> None:
    """Check that no line of the access log was changed, added, moved or removed.

    Writes nothing.  Exit code 0: complete; 1: broken; 2: cannot be read.
    """
    verdict = audit.verify(at.home, at.keys)
    if as_json:
        say_json({"is_whole": verdict.is_whole, **asdict(verdict)})
    else:
        say_lines(_describe_verdict(verdict))
    if not verdict.is_whole:
        raise typer.Exit(TO_FIX)


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
    if any("address" in row for row in chosen):  # as where lac serve runs
        columns = (*columns, "from")
        addresses = [_make_printable(row.get("address")) for row in chosen]
        table = [(*cells, found) for cells, found in zip(table, addresses, strict=True)]
    if as_json:
        say_json([dict(zip(columns, cells, strict=True)) for cells in table])
    else:
        say_lines(_format_table(columns, table))
    if not verdict.is_whole:
        typer.echo(
            f"This log is broken. See: lac audit verify --home {quote(auditor.folder)}", err=True
        )


@app.add("gap")
def declare_gap(
    lead: Caller, backup_of: Annotated[datetime, DayOption(help="The date of the backup.")]
) -> None:
    """Confirm that it was right to restore a backup, which leaves a gap in the access log.

    The backup may have been restored with `lac restore` or by hand.  In a real school only a
    safeguarding lead can confirm the gap.  The log keeps who did so and the date of the backup.
    Exit code 0: confirmed, or there is no gap; 2: not allowed, or cannot be written.
    """
    actor = getpass.getuser() if lead.home.is_demo else lead.require_lead("gap").name
    why = f"backup of {backup_of:%Y-%m-%d} put back"
    log = AccessLog(lead.home, lead.keys)
    log.declare_gap(why, actor=actor)
    if all(gap.is_seen for gap in audit.verify(lead.home, lead.keys).gaps):
        typer.echo("The log has no gap, so nothing was written.")
        return
    log.append(Event("gap_seen", actor, "dsl", purpose=why))
    typer.echo("The gap has been recorded.")


def _find_pupil_id(child: str, handles: Mapping[str, str]) -> str:
    """The pupil_id of a handle; a pupil_id is taken as it is, also that of an erased child."""
    wanted = " ".join(child.lower().split())
    known = {handle: pupil_id for pupil_id, handle in handles.items()}
    if wanted in known:
        return known[wanted]
    if is_pupil_id(child):
        return child
    raise typer.BadParameter("No child here has this code name.", param_hint="--child")


def _describe_verdict(verdict: audit.Verdict) -> Iterable[str]:
    """A verdict as sentences, one a line; of the faults the first, which may cause the rest."""
    if verdict.faults:
        yield _describe_fault(verdict.faults[0])
        if len(verdict.faults) > 1:
            yield f"Number of places that are wrong, including this one: {len(verdict.faults):,}."
        yield _DAMAGED
    else:
        yield f"The access log is complete: {count(verdict.lines, 'line')}, each as it was written."
    for gap in verdict.gaps:
        missing = (
            f"{count(gap.lines, 'line')} missing" if gap.lines else "an unknown number missing"
        )
        yield f"Line {gap.line} records a gap, {missing}: {_make_printable(gap.why)}."
    if verdict.has_partial_line:
        yield "The last line is incomplete. Writing was interrupted, and nothing was shown."


def _describe_fault(fault: audit.Fault) -> str:
    """A fault in a sentence: its kind and line, and the number of lines where that is known."""
    by_count = _FAULT_MESSAGES.get((fault.kind, bool(fault.lines)))
    message = by_count or _FAULT_MESSAGES[fault.kind, False]
    lines = count(fault.lines, "line")
    were = f"{lines} {pluralise(fault.lines, 'was')}"
    detail = message.format(line=fault.line, were=were, lines=lines)
    return f"The access log is broken: {detail}."


def _format_record(record: Mapping[str, Any], handles: Mapping[str, str]) -> tuple[str, ...]:
    children = [handles.get(each, each) for each in record.get("pupil_ids") or ()]
    at = str(record.get("at", ""))[:16].replace("T", " ")
    values = (record.get(name) for name in ("event", "actor", "role", "page"))
    return (
        str(record.get("number", "-")),
        at,
        *(_make_printable(value) for value in values),
        ", ".join(_make_printable(each) for each in children) or "-",
        _make_printable(record.get("purpose")),
    )


def _make_printable(value: object) -> str:
    """A text without control characters; "-" for null or empty."""
    text = "" if value is None else str(value)
    return "".join(sign if sign.isprintable() else "?" for sign in text) or "-"


def _format_table(titles: tuple[str, ...], rows: list[tuple[str, ...]]) -> Iterable[str]:
    """Lines of a text table, the first column aligned to the right."""
    widths = [max(map(len, column)) for column in zip(titles, *rows, strict=True)]
    for first, *cells in (titles, *rows):
        padded = [cell.ljust(width) for cell, width in zip(cells, widths[1:], strict=True)]
        yield "  ".join([first.rjust(widths[0]), *padded]).rstrip()
