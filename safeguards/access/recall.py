"""A cache of answers about files and sessions, because a page asks with each click.

Whether a person may still see anything depends on a dozen small files.  It is worked out again only
when one has changed.  A file that was written, moved, put back or given other rights has another
stamp, which nobody can set by hand.
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

    Nobody may change the answer of `ask`, and it must hold nothing about one person alone.
    """

    @wraps(ask)
    def asked(session: _S, /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        question = (ask, session.rights, args, tuple(kwargs.items()))
        return _SHARED.get(question, lambda: ask(session, *args, **kwargs))

    return asked


def share_later(
    ask: Callable[Concatenate[_S, _P], _T],
) -> Callable[Concatenate[_S, _P], Future[_T]]:
    """Share an answer as `share` does, but work it out in another thread: nobody need wait."""

    def start(session: _S, /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        return _WORKER.submit(ask, session, *args, **kwargs)

    return share(start)


_WORKER = ThreadPoolExecutor(max_workers=1)


def open_home(folder: Path) -> Home:
    """Return the home at a folder, as `Home.open` does."""
    folder = folder.absolute()
    stamps = (stamp_file(folder), stamp_file(folder / "home.toml"))
    return _ANSWERS.get(("home", stamps), lambda: Home.open(folder))


def ask_once(home: Home, question: Hashable, ask: Callable[[], _T]) -> _T:
    """Return the answer of `ask` about sign-in, until a file that it depends on has changed.

    `question` names what is asked, and about whom.  An error is not kept.  Neither may hold a
    secret, because both stay in memory.
    """
    where = os.environ.get(KEYS_VARIABLE, "")
    files = _ANSWERS.get(("files", home, where), lambda: _list_files(home))
    return _ANSWERS.get((home, question, tuple(map(stamp_file, files))), ask)


def _list_files(home: Home) -> tuple[Path, ...]:
    keys = get_keys_folder(home)
    return (
        *(home.folder / name for name in (people.FILE, settings.FILE)),
        *(home.store / POINTER, keys, keys / heads.FILE, keys / key_ring.FILE),
    )


def stamp_file(path: Path) -> Stamp:
    """Return the path and the system's details of the file there; None if there is no file."""
    try:
        details = path.stat()
    except OSError:
        return path, None
    return path, (details.st_ino, details.st_size, details.st_mtime_ns, details.st_ctime_ns)
