"""`lac map`: how a table of the school's own making is read, asked once and remembered."""

from pathlib import Path
from typing import Annotated

import polars as pl
import typer
from typer import Argument, Option

from cli.commands import Commands
from cli.options import TO_FIX, HomeOption
from intake.map.keep import load_mappings, save_mapping
from intake.map.mapping import Mapping
from intake.map.propose import YES, Proposal, Question, propose_mapping
from intake.problems import IntakeError
from intake.read.mapped import complete_mapping, read_example
from intake.read.read import list_unmapped
from intake.tables import Source
from safeguards.journal.access_log import get_utc_now

app = Commands()


@app.add("map")
def run_map(
    file: Annotated[Path, Argument(metavar="FILE", help="A table as the school has it.")],
    home: HomeOption,
    answer: Annotated[
        list[str] | None,
        Option(metavar="KEY=VALUE", help="The answer to a question, in place of asking."),
    ] = None,
    yes: Annotated[bool, Option("--yes", help="Keep it without asking.")] = False,
) -> None:
    """Say which columns of FILE are which, and keep that for all files like it.

    Shows ten rows as they would be read, and asks only what nobody can see in the file.
    Exit code 0: kept; 1: not kept; 2: the file cannot be read.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise IntakeError(
            f"{file} cannot be opened. Check the name and who may read it."
        ) from error
    answers = dict(each.partition("=")[::2] for each in answer or [])
    tables = list_unmapped({file.name: content}, load_mappings(home))
    if not tables:
        typer.echo(f"{file.name} is read as it is: there is nothing to say.")
    for name, source in tables.items():
        _map_table(name, source, home, answers, is_sure=yes)


def _map_table(
    name: str, source: Source, home: Path, answers: dict[str, str], *, is_sure: bool
) -> None:
    """One table: ask what is open, show ten rows, and keep the mapping."""
    proposal = _complete(source, answers)
    mapping = complete_mapping(proposal, source)
    if mapping is None or proposal.header is None:
        typer.echo(f"{name} cannot be read: {proposal.why_not}.")
        raise typer.Exit(TO_FIX)
    typer.echo(f"{name} is {mapping.file}, {mapping.layout}.")
    _show(read_example(source, mapping, proposal.header), mapping)
    if not is_sure and not typer.confirm("Is that right?"):
        raise typer.Exit(TO_FIX)
    typer.echo(
        f"Kept as {save_mapping(home, mapping).name}: such files are read by themselves now."
    )


def _complete(source: Source, answers: dict[str, str]) -> Proposal:
    """The proposal once every question has been answered."""
    today = get_utc_now().date()
    while (proposal := propose_mapping(source.head, answers, today)).questions:
        question = proposal.questions[0]
        answers[question.key] = _ask(question)
    return proposal


def _ask(question: Question) -> str:
    text = f"{question.text} ({question.key})"
    if question.is_tick:
        return YES if typer.confirm(f"{text} Is that right?") else ""
    if question.choices:
        text += f" One of: {', '.join(question.choices)}; or nothing for none."
    while True:
        given: str = typer.prompt(text, default="", show_default=False)
        if not question.choices or given in ("", *question.choices):
            return given


def _show(rows: pl.DataFrame, mapping: Mapping) -> None:
    """Rows as a table of text, without the columns that are blank throughout."""
    shown = [name for name in mapping.export.header if (rows[name] != "").any()]
    lines = [shown, *rows.select(shown).rows()]
    widths = [max(len(line[place]) for line in lines) for place in range(len(shown))]
    for line in lines:
        cells = (text.ljust(width) for text, width in zip(line, widths, strict=True))
        typer.echo("  ".join(cells).rstrip())
