"""What was asked already, of files and of sessions alike: a page asks with each click.

Whether a person may still see anything is asked of a dozen small files, and again only when one
has changed.  A file that was written, moved, put back or given other rights has another stamp,
which nobody can set by hand.
"""

import os
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from queries.answers import Answers
from safeguards.access import people, settings
from safeguards.home.home import Home
from safeguards.keys import heads, key_ring
from safeguards.keys.key_files import KEYS_VARIABLE
from safeguards.keys.keys import POINTER, get_keys_folder

_P = ParamSpec("_P")
_T = TypeVar("_T")
Stamp = tuple[Path, tuple[int, ...] | None]


_ANSWERS, _SHARED = Answers(1000), Answers(3000)


class _Session(Protocol):
    @property
    def rights(self) -> Hashable: ...


_S = TypeVar("_S", bound=_Session)


def share(ask: Callable[Concatenate[_S, _P], _T]) -> Callable[Concatenate[_S, _P], _T]:
    """Let sessions of the same rights have one answer: the same version, role and day.

    Nobody may change what `ask` gives, and nothing of one person alone may be in it.
    """

    @wraps(ask)
    def asked(session: _S, /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        question = (ask, session.rights, args, tuple(kwargs.items()))
        return _SHARED.get(question, lambda: ask(session, *args, **kwargs))

    return asked


def share_later(
    ask: Callable[Concatenate[_S, _P], _T],
) -> Callable[Concatenate[_S, _P], Future[_T]]:
    """As `share`, worked out by a thread of its own: nobody need wait for it."""

    def start(session: _S, /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        return _WORKER.submit(ask, session, *args, **kwargs)

    return share(start)


_WORKER = ThreadPoolExecutor(max_workers=1)


def open_home(folder: Path) -> Home:
    """The home at a folder, as `Home.open`."""
    folder = folder.absolute()
    stamps = (stamp_file(folder), stamp_file(folder / "home.toml"))
    return _ANSWERS.get(("home", stamps), lambda: Home.open(folder))


def ask_once(home: Home, question: Hashable, ask: Callable[[], _T]) -> _T:
    """What `ask` says of who may come in and how, until a file that says so has changed.

    question: what is asked, and of whom.  An error is asked again.  Nothing secret may be in
    either: it stays in memory.
    """
    where = os.environ.get(KEYS_VARIABLE, "")
    files = _ANSWERS.get(("files", home, where), lambda: _list_files(home))
    return _ANSWERS.get((home, question, tuple(map(stamp_file, files))), ask)


def _list_files(home: Home) -> tuple[Path, ...]:
    keys = get_keys_folder(home)
    return (
        *(home.folder / each for each in (people.FILE, settings.FILE)),
        *(home.store / POINTER, keys, keys / heads.FILE, keys / key_ring.FILE),
    )


def stamp_file(path: Path) -> Stamp:
    """The path, and what the system says of the file there; None for none."""
    try:
        found = path.stat()
    except OSError:
        return path, None
    return path, (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
