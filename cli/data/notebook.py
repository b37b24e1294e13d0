"""`lac notebook`: show the notebooks that come with lac, and edit the school's own, in marimo.

The school's own notebooks are in the school's folder.  All are served behind the dashboard's guard.
"""

import ast
import re
import shutil
import socket
from pathlib import Path
from typing import Annotated, Literal

import typer
from typer import Argument, Option

from cli.commands import Commands
from cli.context import Analyst
from cli.options import CANNOT_READ, AsAt, NoBrowser, PassphraseFd, Port, Who
from cli.say import say_ready
from dashboard.server.notebook import edit_notebook, is_still_open, serve_notebook
from dashboard.server.settings import ServerSettings, export_settings, open_listener
from safeguards.access import access, admission
from safeguards.access.access import Session
from safeguards.errors import HomeError
from safeguards.files import is_reached_by_others, write_private
from safeguards.home.home import Home

app = Commands()

_FOLDER = Path(__file__).parents[2] / "notebooks"
_TEMPLATE = _FOLDER / "template.txt"
#: The name of marimo's settings, which each folder of notebooks has.
_SETTINGS = "pyproject.toml"
_OWN_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_NEW = "new"


@app.add("notebook")
def run_notebook(
    name: Annotated[
        str | None, Argument(metavar="NAME", help='The notebook, or "new". If not given, list all.')
    ] = None,
    title: Annotated[
        str | None, Argument(metavar="OWN", help='After "new": the name of your own notebook.')
    ] = None,
    home: Annotated[Path | None, Option(help="The school's folder.", show_default=False)] = None,
    as_at: AsAt = None,
    role: Annotated[str | None, Option(help="The role, which must be allowed to use SQL.")] = None,
    who: Who = None,
    like: Annotated[
        str | None, Option(metavar="NAME", help="Start your own notebook as a copy of this one.")
    ] = None,
    export: Annotated[
        Literal["html"] | None,
        Option(help="Write the notebook to the current folder, as a file to send."),
    ] = None,
    port: Port = None,
    no_browser: NoBrowser = False,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Open a notebook with a school's data. Without NAME, list the notebooks and their questions.

    To make your own, use: lac notebook new OWN. You can edit your own notebooks, and they contain
    no results.

    Exit code 0: shown; 2: no such notebook, not allowed, or the folder cannot be read.
    """
    opened = None if home is None else Home.open(home)
    known = _list_notebooks(opened)
    if name is None:
        typer.echo(_list_questions(known))
        return
    if home is None or opened is None:
        if name == _NEW or name.replace("-", "_") in known:
            raise typer.BadParameter("Give the school's folder.", param_hint="--home")
        raise _refuse_name(name, known)
    if name == _NEW:
        _begin(opened, title, like, known)
        return
    path = known.get(name.replace("-", "_"))
    if path is None:
        raise _refuse_name(name, known)
    if path.parent != _FOLDER:
        _require_own(path)
    why = f"export as {export}" if export else ""
    session = _open_session(Analyst(home, as_at, who, passphrase_fd), role, why)
    day = as_at.date() if as_at else None
    with open_listener(0 if export else port) as listener:
        export_settings(ServerSettings(opened.folder, session.role, day, listener.getsockname()[1]))
        if export:
            _write(path)
        else:
            _serve(path, listener, session, no_browser=no_browser)


def _open_session(caller: Analyst, role: str | None, why: str) -> Session:
    """Open the session of a notebook, once the caller is signed in and the store is up to date."""
    if role is not None:
        access.require_sql(caller.home, role)
    if not caller.home.is_demo:
        admission.remember(caller.sign_in())
    caller.bring_up_to_date()
    day = caller.as_at.date() if caller.as_at else None
    return access.open_notebook(caller.folder, role=role, as_at=day, why=why)


def _serve(path: Path, listener: socket.socket, session: Session, *, no_browser: bool) -> None:
    """Serve the notebook until it is stopped, or the person of the session may no longer use it."""

    def on_ready(address: str) -> None:
        say_ready(address, no_browser=no_browser)
        if serve is serve_notebook:  # the editor runs cells in another process
            from notebooks import page  # noqa: PLC0415 - marimo takes a second, few need it

            page.prepare_to_draw()

    serve = serve_notebook if path.parent == _FOLDER else edit_notebook
    serve(
        path,
        listener,
        lambda idle_s: is_still_open(session.home, session.admitted, idle_s),
        on_ready=on_ready,
    )


def _list_notebooks(home: Home | None) -> dict[str, Path]:
    """Return every notebook by its name: those that come with lac, then the school's own."""
    folders = [_FOLDER] if home is None else [_FOLDER, home.notebooks]
    return {
        path.stem: path
        for folder in folders
        for path in sorted(folder.glob("*.py"))
        if folder != _FOLDER or "marimo.App" in path.read_text(encoding="utf-8")
    }


def _list_questions(known: dict[str, Path]) -> str:
    """Return a line for each notebook, with its name and its question."""
    width = max(map(len, known), default=0)
    return "\n".join(f"{name:{width}}  {_read_question(path)}" for name, path in known.items())


def _read_question(path: Path) -> str:
    """Return the question of a notebook that comes with lac.  The school's own are not read."""
    if path.parent != _FOLDER:
        return "Your own."
    head = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return head.partition("\n")[0]


def _refuse_name(name: str, known: dict[str, Path]) -> typer.Exit:
    """Print the names to choose from, and return the exit to raise for an unknown name."""
    typer.echo(f'There is no notebook "{name}". Choose from:\n{_list_questions(known)}', err=True)
    return typer.Exit(CANNOT_READ)


def _begin(home: Home, title: str | None, like: str | None, known: dict[str, Path]) -> None:
    """Make a notebook in the school's folder, from the template or as a copy of another."""
    if title is None or not _OWN_NAME.fullmatch(title) or title == _NEW:
        raise HomeError("Use only small letters, figures and _: lac notebook new our_question")
    if title in known:
        raise HomeError(f"There is already a notebook {title}. Choose another name.")
    if like is not None and like.replace("-", "_") not in known:
        raise _refuse_name(like, known)
    source = _TEMPLATE if like is None else known[like.replace("-", "_")]
    home.notebooks.mkdir(mode=0o700, exist_ok=True)
    _require_own(home.notebooks)
    shutil.copyfile(_FOLDER / _SETTINGS, home.notebooks / _SETTINGS)
    write_private(home.notebooks / f"{title}.py", source.read_bytes())
    typer.echo(f"{home.notebooks / title}.py\nNext: lac notebook {title} --home {home.folder}")


def _require_own(path: Path) -> None:
    """Raise HomeError if other users could have written to the path: a notebook is a program."""
    if any(map(is_reached_by_others, (path, path.parent))):
        raise HomeError(f"Other users can change {path}. Allow only yourself to use it.")


def _write(path: Path) -> None:
    """Write an HTML file to send in the current folder, which other users cannot read."""
    from notebooks.export import to_html  # noqa: PLC0415 - marimo takes a second, few need it

    made = Path(f"{path.stem}.html")
    write_private(made, to_html(path).encode("utf-8"))
    typer.echo(f"{made}: it has code names, no names. Print it to PDF from the browser.")
