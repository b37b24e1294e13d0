"""`lac export` and `lac engine run`: run the same definitions on an engine for many computers."""

from contextlib import ExitStack, closing
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from typer import Option

from cli.commands import Commands
from cli.context import Caller
from cli.options import DayOption
from queries.errors import StoreError
from safeguards.errors import HomeError
from safeguards.files import quote

app = Commands()
engine = Commands("Work out the definitions on an engine for many computers.")
app.add_typer(engine, name="engine")


@app.add("export")
def run_export(
    caller: Caller, raw: Annotated[Path, Option(help="An empty folder to write to.")]
) -> None:
    """Write the tables as Parquet files for an engine. Safeguarding lead only.

    The files contain code names, but no name, UPN or date of birth, and no child who is restricted
    or about whom somebody has objected.  They are not encrypted: write them to an encrypted disk.
    """
    if raw.exists() and any(raw.iterdir()):
        raise HomeError(f"{raw} is not empty. Give a new folder.")
    rows = caller.open_session("export").export_raw(raw)
    typer.echo(
        f"{rows:,} rows are in {raw}, with code names only. The files are not encrypted. Next: lac "
        f"engine run --local --raw {quote(raw)} --as-at DAY --out FOLDER"
    )


@engine.add("run")
def run_engine(
    raw: Annotated[str, Option(help="Folder of the raw tables, where the engine can reach it.")],
    as_at: Annotated[datetime, DayOption("--as-at", help="The date to work out the views for.")],
    out: Annotated[str, Option(help="Folder to write to, where the engine can reach it.")],
    remote: Annotated[
        str | None, Option(metavar="sc://HOST:PORT", help="The engine's address.")
    ] = None,
    local: Annotated[bool, Option("--local", help="Start Sail here, for this run only.")] = False,
) -> None:
    """Work out every view for a date, and write each to a folder of Parquet files."""
    if local == bool(remote):
        raise typer.BadParameter("Give one of: --local, --remote")
    try:
        from queries.views.engine import Engine, start_local  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise StoreError("The engine is not installed. Run: pip install -e '.[engine]'") from error
    with ExitStack() as stack:
        address = stack.enter_context(start_local()) if local else str(remote)
        if local:
            raw, out = str(Path(raw).resolve()), str(Path(out).resolve())
        run = stack.enter_context(closing(Engine(address)))
        made = run.run(raw, as_at.date(), out)
        count = sum(1 for _ in made)
    typer.echo(f"{count} views as of {as_at:%Y-%m-%d} are in {out}")
