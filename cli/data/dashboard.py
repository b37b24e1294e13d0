"""`lac demo` and `lac run`: the dashboard on this computer."""

import os
import tempfile
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated

import platformdirs
import typer
from typer import Option

from cli.commands import Commands
from cli.context import HomeContext
from cli.data.demo_home import UNTIL, copy_demo_home
from cli.options import CANNOT_READ, AsAt, NoBrowser, Port
from cli.say import say_ready

app = Commands()


@app.add("demo")
def run_demo(
    role: Annotated[
        str, Option(help="pastoral, dsl, teacher, head, manager, none or adviser.")
    ] = "dsl",
    all_categories: Annotated[
        bool, Option("--all-categories", help="Include the kinds of data that are off at first.")
    ] = False,
    children: Annotated[
        int | None,
        Option(help="Number of children in the groups on these pages. If not given, 24.", min=0),
    ] = None,
    authority: Annotated[
        bool, Option("--authority", help="Show a made-up authority: 60 schools, 700 children.")
    ] = False,
    port: Port = None,
    no_browser: NoBrowser = False,
    fresh: Annotated[
        bool, Option("--fresh", help="Make a new school instead of using the last demo's.")
    ] = False,
) -> None:
    """Show a made-up school. Nobody in it is real, and nothing that you do is kept."""
    typer.echo("This is a made-up school. Nobody in it is real, and nothing that you do is kept.")
    with tempfile.TemporaryDirectory(prefix="lac-demo-", ignore_cleanup_errors=True) as temporary:
        folder = Path(temporary) / "school"
        copy_demo_home(
            folder,
            platformdirs.user_cache_path("lac-monitor") / "demo",
            all_categories=all_categories,
            children=children,
            is_authority=authority,
            is_fresh=fresh,
            say=typer.echo,
        )
        os.environ["LAC_KEYS"] = str(folder / "keys")
        _serve(folder / "home", role, UNTIL, port, no_browser)


@app.add()
def run(
    at: HomeContext,
    as_at: AsAt = None,
    role: Annotated[
        str | None, Option(help="The role to start with, in a demo. If not given, dsl.")
    ] = None,
    port: Port = None,
    no_browser: NoBrowser = False,
) -> None:
    """Show a school's dashboard on this computer."""
    if role is not None and not at.home.is_demo:
        raise typer.BadParameter(
            "in a real school the role is that of the person who signs in", param_hint="--role"
        )
    at.bring_up_to_date()
    typer.echo("Starting the dashboard.")
    day = as_at.date() if as_at else None
    _serve(at.folder, role or "dsl", day, port, no_browser)


def _serve(home: Path, role: str, as_at: date | None, port: int | None, no_browser: bool) -> None:
    # import Streamlit only when the first line is on the screen
    from dashboard.server.server import serve  # noqa: PLC0415
    from dashboard.server.settings import ServerSettings, open_listener  # noqa: PLC0415

    with open_listener(port) as listener:
        settings = ServerSettings(home, role, as_at, listener.getsockname()[1])
        if not serve(
            settings, on_ready=partial(say_ready, no_browser=no_browser), listener=listener
        ):
            raise typer.Exit(CANNOT_READ)
