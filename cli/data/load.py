"""`lac load`, `lac undo` and `lac template`: load exports, go back, write a sheet to fill in."""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import duckdb
import typer
from rich.console import Console
from rich.progress import Progress
from typer import Argument, Option

from cli.commands import Commands
from cli.context import Caller, HomeContext
from cli.options import TO_FIX, Authority, HomeOption, PassphraseFd, School, Who
from cli.say import count, list_faults, say_faults, say_lines, say_notes
from dashboard.text.words import pluralise
from intake.check.account import describe_accounts
from intake.inbox import NOT_TAKEN, WATCH_S, find_unfinished, list_states
from intake.problems import IntakeError
from intake.publish.load import PHASES, Load, LoadResult, is_initialised, undo_load
from intake.read.files import Folder, list_senders, to_folder
from intake.template import write_start_template, write_template
from queries.contract import NO_SCHOOL, ONLY_SCHOOL
from safeguards.access.admission import Principal
from safeguards.files import quote
from safeguards.home.home import Home
from safeguards.journal.access_log import get_utc_now
from safeguards.keys.home_of import get_home_of
from safeguards.keys.keys import Keys
from stewardship.rights.erase import finish_erasures

app = Commands()


@app.add()
def load(
    home: HomeOption,
    folder: Annotated[
        Path | None, Argument(metavar="PATH", help="An export file, or a folder of exports.")
    ] = None,
    inbox: Annotated[
        Path | None,
        Option(metavar="DIR", help="The same for a timer. Waits if a file is still being written."),
    ] = None,
    watch: Annotated[
        Path | None,
        Option(metavar="DIR", help="Look once a minute and load what has changed, until Ctrl-C."),
    ] = None,
    replace: Annotated[
        list[str] | None,
        Option(help="Remove the earlier rows of this export first, such as roll.csv."),
    ] = None,
    school: School = None,
    authority: Authority = "",
    who: Who = None,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Check exports and load them into the school's folder.

    You can load one file on its own, such as a week's register. For many schools, put each school's
    files into a folder named by its URN. Files next to these are the authority's own. In a file of
    marks or events, rows with a fault are left out, and listed on Data check until they are
    corrected. Any other file with a fault is left out whole, and its earlier rows stay.

    Exit code 0: loaded; 1: rows to fix; 2: nothing could be read.
    """
    path = _choose_path(folder, inbox, watch)
    admitted = sign_in_loader(Caller(home, who=who, passphrase_fd=passphrase_fd))
    order = _Order(home, path, school, authority, replace or [], admitted)
    if watch is not None:
        _watch(watch, order.load)
    elif any(outcome.problems or outcome.unread or outcome.why_not for outcome in order.load()):
        raise typer.Exit(TO_FIX)


@dataclass(frozen=True)
class _Order:
    """An order to load the files at a path: whose they are, and who loads them."""

    home: Path
    path: Path
    school: int | None
    authority: str
    replaced: list[str]
    admitted: Principal | None

    def load(self) -> list[LoadResult]:
        """Load the files that are at the path now, and print the result."""
        senders = _choose_senders(self.path, self.home, self.school)
        actor = self.admitted.name if self.admitted else "office"
        with _progress() as progress, _say_stopped(progress) as watched:
            now = get_utc_now()
            loading = Load(self.home, now, actor, None, watched, finish_erasures, self.admitted)
            if len(senders) > 1:
                outcomes = loading.load_schools(senders)
            else:
                [(sender, files)] = senders.items()
                outcome = loading.load_exports(
                    files,
                    authority=self.authority,
                    replace=self.replaced,
                    confirm=_confirm_removal,
                    school=sender,
                )
                outcomes = {sender: outcome}
        for sender, outcome in outcomes.items():
            if len(senders) > 1:
                typer.echo(f"{sender}:" if sender else "The authority's own files:")
            _say_outcome(outcome, self.path, self.home)
        return list(outcomes.values())


def _confirm_removal(rows: dict[str, int]) -> bool:
    """Ask whether the earlier rows of these files may be removed, given each file's number."""
    for name, number in rows.items():
        typer.echo(f"{count(number, 'earlier row')} of {name} will be removed.")
    with suppress(typer.Abort):  # nobody can answer, or they pressed Ctrl-C
        return typer.confirm("Remove them?")
    return False


def _choose_senders(path: Path, home: Path, school: int | None) -> dict[int, Folder]:
    """Return the files by their sender.  In a school's home all are that school's."""
    if school is not None:
        return {school: to_folder(path)}
    is_of_many = is_initialised(home) and get_home_of(Keys.load(Home.open(home))) != "school"
    if is_of_many or not (is_initialised(home) or path.is_file()):
        senders = list_senders(path)
        if is_of_many or senders.keys() > {NO_SCHOOL}:
            return senders
    return {ONLY_SCHOOL: to_folder(path)}


def _watch(folder: Path, take: Callable[[], list[LoadResult]]) -> None:
    """Load a folder whenever it has changed and no file in it is still being written.

    A file in it lists what was not loaded, for those who bring the files, until all is loaded.
    """
    report = folder / NOT_TAKEN
    typer.echo(f"Watching {folder}. Press Ctrl-C to stop.")
    seen: object = None
    with suppress(KeyboardInterrupt):
        while True:
            try:
                state = list_states(folder)
                if state and state != seen and not find_unfinished(folder):
                    seen = state
                    lines = []
                    for outcome in take():
                        lines += [*outcome.unread, *list_faults(outcome.problems)]
                        lines += [outcome.why_not] if outcome.why_not else []
                    _write_report(report, lines)
            except (IntakeError, OSError) as error:
                _write_report(report, [f"{error}"])
                typer.echo(f"{error}", err=True)
            time.sleep(WATCH_S)


def _write_report(report: Path, lines: list[str]) -> None:
    with suppress(OSError):
        if lines:
            report.write_text("\n".join([f"Not loaded, {get_utc_now():%d %B %Y}:", *lines, ""]))
        else:
            report.unlink(missing_ok=True)


def sign_in_loader(caller: Caller) -> Principal | None:
    """Sign in the person who loads.  None if a load into this home needs no passphrase."""
    if not is_initialised(caller.folder) or not caller.has_locked_loads:
        return None
    return caller.sign_in()


def _choose_path(folder: Path | None, inbox: Path | None, watch: Path | None) -> Path:
    """Return the path to load.  Exit if a file in the inbox is still being written."""
    if sum(path is not None for path in (folder, inbox, watch)) != 1:
        raise IntakeError("Give one of: PATH, --inbox DIR for a timer, or --watch DIR.")
    if path := folder or watch:
        return path
    assert inbox is not None  # noqa: S101 - one of the three is given
    try:
        unfinished = find_unfinished(inbox)
    except OSError as error:
        raise IntakeError(f"The folder {inbox} cannot be opened. Check who may read it.") from error
    if unfinished:
        typer.echo(f"Still being written: {', '.join(unfinished)}. Nothing has been loaded yet.")
        raise typer.Exit(TO_FIX)
    return inbox


@contextmanager
def _say_stopped(progress: Callable[[str], None]) -> Iterator[Callable[[str], None]]:
    """Say whether a load that somebody stopped with Ctrl-C has changed anything.

    DuckDB may receive the interrupt instead of Python, and then raises an error of its own.
    """
    reached: set[str] = set()

    def watch(phase: str) -> None:
        reached.add(phase)
        progress(phase)

    try:
        yield watch
    except (KeyboardInterrupt, RuntimeError, duckdb.Error) as error:
        if not (isinstance(error, KeyboardInterrupt) or "interrupted" in str(error).lower()):
            raise
        message = "Stopped. Nothing was changed."
        if PHASES[-1] in reached:
            message = "Stopped, but only after these files were loaded."
        typer.echo(message, err=True)
        raise typer.Exit(130) from None


def _say_outcome(outcome: LoadResult, folder: Path, home: Path) -> None:
    """Print what a load took in, what it left out and why, and what to do next."""
    say_notes(outcome.unknown_files, outcome.notes)
    say_faults(outcome.problems)
    say_faults(outcome.doubts)
    say_lines((*outcome.unread, *describe_accounts(outcome.accounts), *outcome.lacks))
    say_lines((*outcome.older, *outcome.conflicts))
    for day, number in sorted(Counter(outcome.erased_on).items()):
        typer.echo(
            f"The data of {count(number, 'child')} in these files was erased on {day}, and is left "
            "out. Delete the old files, or ask the safeguarding lead if that is wrong."
        )
    if outcome.erased_by_schedule:
        typer.echo(
            "If the retention schedule did this and the child is back, the safeguarding "
            "lead can let the child in again: lac retention readmit"
        )
    if outcome.why_not:
        say_lines((outcome.why_not, "Nothing was changed."))
    elif outcome.version is None:
        refused = bool(outcome.problems or outcome.unread)
        typer.echo("Nothing was changed." if refused else "These files have already been loaded.")
    else:
        say_loaded(outcome, folder, home)


@app.add()
def undo(at: HomeContext) -> None:
    """Go back to the previous load."""
    typer.echo(f"Went back to {undo_load(at.home)}.")


@app.add("template")
def run_template(
    out: Annotated[Path, Option(metavar="FILE.xlsx", help="Workbook to write.")],
    home: Annotated[Path | None, Option(help="The school's folder.")] = None,
    start: Annotated[
        bool,
        Option("--start", help="Include every sheet for a first load, before there is a folder."),
    ] = False,
    who: Who = None,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Write a workbook to fill in, for the children shown here or for a first load.

    The workbook for the children here has code names, but no names and no UPNs. The workbook for a
    first load (--start) has two example rows on each sheet.
    """
    if start:
        write_start_template(out)
        typer.echo(f"Fill in {out} and load the folder that it is in. The examples are not loaded.")
        return
    if home is None:
        raise IntakeError("Give --home FOLDER, or --start for a first load.")
    caller = Caller(home, who=who, passphrase_fd=passphrase_fd)
    children = write_template(caller.open_session("template"), out)
    typer.echo(
        f"{out} lists {count(children, 'child')} by code name. Fill in the workbook, put the file "
        "with the exports and load them together."
    )


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """Show a progress bar on a terminal, and nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    # draw the bar only when a phase begins, so that it does not overwrite a question
    with Progress(console=Console(stderr=True), transient=True, auto_refresh=False) as bar:
        task = bar.add_task("read", total=len(PHASES))
        yield lambda phase: bar.update(
            task, description=phase, completed=PHASES.index(phase), refresh=True
        )


def say_loaded(outcome: LoadResult, folder: Path, home: Path) -> None:
    """Print what the pages show now, and what somebody should check or do."""
    typer.echo(
        f"Loaded. The pages now show {count(outcome.children, 'child')} and "
        f"{count(outcome.marks, 'mark')}, up to {outcome.data_until}."
    )
    for change in outcome.changes:
        if change.changed or change.gone:
            typer.echo(
                f"{change.file}: {change.new:,} rows new, {change.changed:,} changed, "
                f"{change.gone:,} removed."
            )
    if outcome.changed_children:
        number = len(outcome.changed_children)
        typer.echo(
            f"This load changed earlier rows of {count(number, 'child')}. lac undo goes back."
        )
    if sentence := outcome.marked.describe(has_names=False):
        typer.echo(sentence)
    if not outcome.has_whole_school:
        typer.echo("There are no whole-school figures: see Data check.")
    say_lines(
        f"{count(account.faulty, account.unit)} of {account.name} left out: see Data check."
        for account in outcome.accounts
        if account.faulty
    )
    for name in outcome.refused_files:
        typer.echo(f"{name} was left out, and its earlier rows stay.")
    for name, number in outcome.rows_left.items():
        typer.echo(
            f"{count(number, 'row')} of {name} from earlier loads {pluralise(number, 'is')} "
            "not in this file. To remove rows that are no longer in the file: lac load "
            f"{quote(folder)} --home {quote(home)} --replace {name}"
        )
    if outcome.possible_matches:
        typer.echo(
            f"{count(outcome.possible_matches, 'child')} with a new UPN may already be here "
            "under a former one. Until the safeguarding lead has confirmed this, those children "
            f"are counted twice: lac vault links --home {quote(home)}"
        )
    typer.echo(f"Next: lac run --home {quote(home)}")
