"""`lac audit`: whether the access log is as it was written, and what it says."""

import getpass
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.context import Who, open_session
from cli.options import TO_FIX, HomeOption, handle_user_errors
from cli.passphrases import PassphraseFd, Passphrases

if TYPE_CHECKING:
    from safeguards.journal.audit import Fault, Verdict

app = typer.Typer(
    no_args_is_help=True,
    help="Check the access log, or read it: who looked at what, and when.",
)

_COLUMNS = ("line", "when (UTC)", "event", "who", "role", "page", "child", "why")
#: What is wrong by kind, and by whether it is known how many lines it is about.
_FAULT_MESSAGES = {
    ("changed", False): "line {line} of the file was changed after it was written",
    ("added", False): "line {line} of the file was put in",
    ("moved", False): "line {line} of the file stands in another's place",
    ("missing", True): "{were} taken out before line {line} of the file",
    ("break", False): "its end was changed or put back before line {line} of the file",
    ("break", True): "{were} taken off its end before line {line} of the file",
    ("end", False): "it does not end as it was left",
    ("end", True): "{were} taken off the end",
    ("head", False): "its head, kept beside the keys, is missing or damaged",
    ("head", True): "its head, kept beside the keys, is {lines} behind",
}
_DAMAGED = (
    "Keep the file as it is, and tell the data protection officer. "
    "If a backup was put back: lac audit gap."
)

Role = Annotated[
    str, typer.Option("--role", help="The role in a demo home; it must be one that may ask.")
]


@app.command()
def verify(home: HomeOption) -> None:
    """Check that no line of the access log was changed, put in, moved or taken out.

    Writes nothing.  Exit code 0: whole; 1: broken; 2: cannot be read.
    """
    from safeguards.home.home import Home  # noqa: PLC0415
    from safeguards.journal import audit  # noqa: PLC0415 - each command imports what it needs
    from safeguards.keys.keys import Keys  # noqa: PLC0415

    with handle_user_errors():
        opened_home = Home.open(home)
        verdict = audit.verify(opened_home, Keys.load(opened_home))
    for line in _describe_verdict(verdict):
        typer.echo(line)
    if not verdict.is_whole:
        raise typer.Exit(TO_FIX)


@app.command()
def show(
    home: HomeOption,
    *,
    child: Annotated[
        str | None, typer.Option("--child", help="Only this child, by handle or pupil_id.")
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option("--since", formats=["%Y-%m-%d"], help="Only from this day on."),
    ] = None,
    event: Annotated[
        list[str] | None,
        typer.Option("--event", help="Only these: open, view, deny, load and so on."),
    ] = None,
    role: Role = "dsl",
    who: Who = None,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Print the access log as a table, newest last.  That it was shown is written down too.

    Exit code 0: shown; 2: not allowed, or the home cannot be read.
    """
    from safeguards.journal import audit  # noqa: PLC0415
    from safeguards.keys.keys import Keys  # noqa: PLC0415
    from safeguards.vault.vault import Vault  # noqa: PLC0415

    with handle_user_errors():
        session = open_session(
            home, Passphrases(passphrase_fd), who=who, role=role, purpose="audit"
        )
        keys = Keys.load(session.home)
        handles = {each.pupil_id: each.handle for each in Vault.open(session.home, keys).pupils}
        rows = session.read_log(None if child is None else _pupil_id(child, handles))
        verdict = audit.verify(session.home, keys)
    chosen = [row for row in rows if event is None or row.get("event") in event]
    if since is not None:
        chosen = [row for row in chosen if str(row.get("at")) >= f"{since:%Y-%m-%d}"]
    for line in _table(_COLUMNS, [_row(row, handles) for row in chosen]):
        typer.echo(line)
    if not verdict.is_whole:
        typer.echo(f"This log is broken. See: lac audit verify --home {home}", err=True)


@app.command("gap")
def declare_gap(
    home: HomeOption,
    backup_of: Annotated[
        datetime,
        typer.Option("--backup-of", formats=["%Y-%m-%d"], help="The day of the backup."),
    ],
) -> None:
    """Say that a backup was put back by hand, so that its gap does not pass for tampering.

    Who said so, and of which day, stays in the log.  Exit code 0: said, or there is no gap;
    2: cannot be written.
    """
    from safeguards.home.home import Home  # noqa: PLC0415
    from safeguards.journal.access_log import AccessLog  # noqa: PLC0415
    from safeguards.keys.keys import Keys  # noqa: PLC0415

    with handle_user_errors():
        opened_home = Home.open(home)
        why = f"backup of {backup_of:%Y-%m-%d} put back"
        log = AccessLog(opened_home, Keys.load(opened_home))
        is_there = log.declare_gap(why, actor=getpass.getuser())
    typer.echo("The gap is declared." if is_there else "There is no gap. Nothing was written.")


def _pupil_id(child: str, handles: Mapping[str, str]) -> str:
    """The pupil_id of a handle; a pupil_id stands for itself, also of a child who is erased."""
    from safeguards.journal.access_log import is_pupil_id  # noqa: PLC0415

    wanted = " ".join(child.lower().split())
    known = {handle: pupil_id for pupil_id, handle in handles.items()}
    if wanted in known:
        return known[wanted]
    if is_pupil_id(child):
        return child
    raise typer.BadParameter("No child in this home has this handle.", param_hint="--child")


def _describe_verdict(verdict: "Verdict") -> Iterable[str]:
    """What a verdict says, a sentence a line; the first fault, since it may cause the rest."""
    if verdict.faults:
        yield _describe_fault(verdict.faults[0])
        if len(verdict.faults) > 1:
            yield f"Places that do not fit, with this one: {len(verdict.faults):,}."
        yield _DAMAGED
    else:
        yield f"The access log is whole: {_lines(verdict.lines)}, each as it was written."
    for gap in verdict.gaps:
        missing = f"{_lines(gap.lines)} missing" if gap.lines else "no count of what is missing"
        yield f"Line {gap.line} declares a gap, {missing}: {_plain(gap.why)}."
    if verdict.has_partial_line:
        yield "Half a line stands at the end. Its writer was cut off, and showed nothing."


def _describe_fault(fault: "Fault") -> str:
    """What is wrong, where; how many lines it is about where that is known."""
    many = bool(fault.lines)
    message = _FAULT_MESSAGES.get((fault.kind, many)) or _FAULT_MESSAGES[fault.kind, False]
    were = f"{_lines(fault.lines)} {'was' if fault.lines == 1 else 'were'}"
    detail = message.format(line=fault.line, were=were, lines=_lines(fault.lines))
    return f"The access log is broken: {detail}."


def _lines(number: int) -> str:
    return f"{number:,} line{'' if number == 1 else 's'}"


def _row(record: Mapping[str, Any], handles: Mapping[str, str]) -> tuple[str, ...]:
    children = [handles.get(each, each) for each in record.get("pupil_ids") or ()]
    at = str(record.get("at", ""))[:16].replace("T", " ")
    values = (record.get(name) for name in ("event", "actor", "role", "page"))
    return (
        str(record.get("number", "-")),
        at,
        *(_plain(value) for value in values),
        ", ".join(_plain(each) for each in children) or "-",
        _plain(record.get("purpose")),
    )


def _plain(value: object) -> str:
    """A text that moves no terminal; "-" where there is none."""
    text = "" if value is None else str(value)
    return "".join(sign if sign.isprintable() else "?" for sign in text) or "-"


def _table(titles: tuple[str, ...], rows: list[tuple[str, ...]]) -> Iterable[str]:
    """Columns as wide as their longest cell, the numbers to the right."""
    widths = [max(map(len, column)) for column in zip(titles, *rows, strict=True)]
    for first, *cells in (titles, *rows):
        padded = [cell.ljust(width) for cell, width in zip(cells, widths[1:], strict=True)]
        yield "  ".join([first.rjust(widths[0]), *padded]).rstrip()
