"""The only way in: finds the keys, writes the log line, opens the store, checks the role.

A `Session` answers questions for one person in one role on one day.  It refuses every
relation whose category the role may not see, so a page cannot show it by mistake.
"""

import getpass
import os
import threading
from collections.abc import Callable, Mapping
from copy import copy
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from queries.errors import StoreError
from queries.statement import statement
from queries.store import store, versions
from queries.views import views
from safeguards.access import admission, roles
from safeguards.access.admission import Admitted
from safeguards.errors import SafeguardsError
from safeguards.home.home import Home
from safeguards.journal.access_log import AccessLog, Event, is_pupil_id, utc_now
from safeguards.journal.page_views import Look
from safeguards.keys.keys import Keys

#: One line a page and child for so long; a longer look is a new line.
VIEW_LASTS = timedelta(minutes=10)

#: The purpose of a session that reads what the governor report counts, and nothing else.
REPORT = "report"
#: What is made to be passed on; a restricted child is in none of it.
_GOES_ROUND = ("template", "share")
#: What serves the school rather than the child, or many at once; an objection stops it.
_OPTIONAL = ("notebook", REPORT, "share")


class Denied(SafeguardsError):
    """The role has no right to this; the message is for people."""


class NothingLoaded(SafeguardsError):
    """The home has no store yet; the message says how to make one."""


class Session:
    """One person's view of one home; made by `open`."""

    def __init__(
        self,
        version: store.Store,
        log: AccessLog,
        *,
        home: Home,
        actor: str,
        role: str,
        as_at: date | None,
        purpose: str,
        clock: Callable[[], datetime],
        admitted: Admitted | None,
    ) -> None:
        self._store = version
        self._log = log
        self._clock = clock
        self._viewed: dict[tuple[str, str | None], datetime] = {}
        self._version = _version(version.path)
        self.home = home
        self.actor = actor
        self.role = role
        self.purpose = purpose
        self.admitted = admitted
        self.is_demo = home.is_demo
        self.categories = roles.of_session(role, is_report=purpose == REPORT)
        loaded = version.read("from int_newest_load").row(0, named=True)
        self.loaded_at: datetime = loaded["loaded_at"]
        self.data_until: date = loaded["data_until"]
        self.school_name = str(version.read("select school_name from stg_school").item(0, 0))
        self.as_at: date = as_at or self.data_until

    @property
    def is_current(self) -> bool:
        """Whether the home is still at the version that this session reads.

        A load, an undo or an entry that somebody typed moves it on; `open` a new one then.
        """
        path = versions.current(self.home.store)
        return path is not None and _version(path) == self._version

    def may(self, page: str, action: str = "view") -> bool:
        """Whether the role may do this on this page."""
        return roles.may(self.role, page, action)

    def sees(self, category: str) -> bool:
        """Whether the role may see this kind of data; a page then asks for it."""
        return category in self.categories

    def enter(self, page: str, child: str | None = None, action: str = "view") -> None:
        """Say that a page is about to be shown, about one child (pupil_id) if it is.

        The line is on the disk before this returns: no log, no view.  A view is one line
        for a while, anything else a line each time.  Denied if the role lacks the page, or
        `child` is no pseudonym; that is logged too.
        """
        is_child = child is None or is_pupil_id(child)
        pupil_ids = (child,) if child is not None and is_child else ()
        if not (self.may(page, action) and is_child):
            self._write("deny", page, pupil_ids)
            raise Denied(f"The role {self.role} has no access to this page. Ask the DSL.")
        now = self._clock()
        last = self._viewed.get((page, child))
        if action != "view":
            self._write(action, page, pupil_ids)
        elif last is None or now - last >= VIEW_LASTS:
            self._write(action, page, pupil_ids)
            self._viewed[page, child] = now

    def leave(self) -> None:
        """Say that the person signed out."""
        self._write("sign_out", None, ())

    def read(self, query: str, parameters: Mapping[str, Any] | None = None) -> pl.DataFrame:
        """The rows of a query on the day of this session.

        Denied for a relation that is no mart or check, or whose category the role lacks.
        """
        for name in sorted(_relations(self._store, query)):
            view = views.all_views().get(name)
            category = view.field("Category") if view else None
            if category is None or category not in self.categories:
                self._write("deny", None, ())
                raise Denied(f"The role {self.role} may not read {name}.")
        return self._store.read(query, parameters, as_at=self.as_at)

    def at(self, day: date) -> "Session":
        """The same session, for the same role, on another day.

        It writes no line of its own: whoever compares two days looks at one page.
        """
        other = copy(self)
        other.as_at = day
        return other

    def last_looked(self, page: str) -> date | None:
        """The last day of the data that this person saw on a page at an earlier visit.

        That is a view on a day before the clock's, in any role, and the data are those of
        the newest load then.  Days are of UTC: no school looks at midnight, so local time
        would not change them.  None for a first visit, or before the first load.
        LogError if the log cannot be read.
        """
        today = self._clock().astimezone(UTC).date()
        seen_at = self._log.last_view(self.actor, page, before=today)
        if seen_at is None:
            return None
        found = self._store.read(
            "select arg_max(data_until, (loaded_at, load_id)) from stg_load"
            " where loaded_at <= $seen_at",
            {"seen_at": seen_at.replace(tzinfo=None)},
        )
        data_until: date | None = found.item()
        return data_until

    def looks(self, child: str, days: int) -> tuple[Look, ...]:
        """Who viewed this child's page in the last `days` days of the clock, newest day first.

        Denied unless the role may know; that is logged.  LogError if the log cannot be read.
        """
        if not self.may("child", "audit"):
            self._write("deny", "child", (child,) if is_pupil_id(child) else ())
            raise Denied(f"The role {self.role} may not see who has looked. Ask the DSL.")
        since = self._clock().astimezone(UTC).date() - timedelta(days=days - 1)
        return self._log.looks(child, since=since)

    def logged(self, child: str | None = None) -> list[dict[str, Any]]:
        """What the access log says, oldest first, of everything or of one child (pupil_id).

        That it is shown is a line of its own, and in it.  Denied unless the role may.
        """
        self.enter("audit", child, action="audit")
        records = self._log.records()
        return [row for row in records if child is None or child in (row.get("pupil_ids") or ())]

    def _write(self, event: str, page: str | None, pupil_ids: tuple[str, ...]) -> None:
        self._log.append(Event(event, self.actor, self.role, page, pupil_ids, self.purpose))


def open(  # noqa: A001 - `access.open` is what it is called everywhere in the design
    folder: Path,
    *,
    purpose: str,
    admitted: Admitted | None = None,
    actor: str = "nobody",
    role: str = "none",
    as_at: date | None = None,
    clock: Callable[[], datetime] = utc_now,
    environ: Mapping[str, str] = os.environ,
) -> Session:
    """A session on the home at `folder`, as at a day (the end of the data by default).

    admitted: who signed in; a school's real home opens for nobody else.  actor, role: who
    asks, and as what, in a demo home.  Denied for a real home without somebody who signed
    in and still has that role, which is logged.  NothingLoaded before the first load.
    HomeError, KeysError, LogError and StoreError as their names say.
    """
    home = Home.open(folder)
    keys = Keys.of(home, environ)
    log = AccessLog(home, keys, clock)
    if admitted is not None:
        actor, role = admitted.name, admitted.role
    if not (home.is_demo or (admitted and admission.is_still(home, keys, admitted))):
        log.append(Event("deny", actor, role, purpose=f"{purpose}: not signed in"))
        raise Denied("Sign in first: this is a school's real home.")
    log.append(Event("open", actor, role, purpose=purpose))
    path = versions.current(home.store)
    if path is None:
        raise NothingLoaded(
            f"Nothing has been loaded into {folder} yet. Run: lac load DIR --home {folder}"
        )
    return Session(
        opened(path, keys.store, hidden(role, purpose)),
        log,
        home=home,
        actor=actor,
        role=role,
        as_at=as_at,
        purpose=purpose,
        clock=clock,
        admitted=admitted,
    )


def notebook(
    folder: Path, *, role: str, as_at: date | None, environ: Mapping[str, str] = os.environ
) -> Session:
    """The session of a notebook, which may ask by SQL; errors as in `open`.

    In a real home it is that of whoever gave the command `lac notebook` and signed in.
    """
    session = open(
        folder,
        admitted=admission.remembered(Home.open(folder)),
        actor=getpass.getuser(),
        role=role,
        purpose="notebook",
        as_at=as_at,
        environ=environ,
    )
    session.enter("sql", action="sql")
    return session


@lru_cache(maxsize=256)
def _relations(opened: store.Store, query: str) -> frozenset[str]:
    """What a query names; the texts are few and parsed once."""
    return frozenset(opened.relations_of(query))


_opening = threading.Lock()


def hidden(role: str, purpose: str) -> tuple[str, ...]:
    """The raw_ tables that list the children of whom a session must not have a row."""
    found = []
    if not roles.sees_restricted(role) or purpose in _GOES_ROUND:
        found.append("raw_restriction")
    if purpose in _OPTIONAL:
        found.append("raw_objection")
    return tuple(found)


def opened(path: Path, key: str, without: tuple[str, ...] = ()) -> store.Store:
    """The open store of a version: one connection for every session of this process.

    Only for those who hold the key; it knows no roles.  without: see `hidden`; where these
    tables list nobody it is the same store.  StoreError if other definitions made it.

    Opening costs some 60 ms, a cursor 1.  The version before stays open for sessions that
    began on it.
    """
    with _opening:
        whole = _cached(*_version(path), key)
        listing = tuple(
            name
            for name in without
            if whole.read(statement("from {name} limit 1", name=name)).height
        )
        return _cached_without(*_version(path), key, listing) if listing else whole


def let_go() -> None:
    """Hold no store open any longer than the sessions on it do."""
    with _opening:
        _cached.cache_clear()
        _cached_without.cache_clear()
        _relations.cache_clear()


def _version(path: Path) -> tuple[Path, int]:
    """What tells a version from any other: an undone load's number is given again."""
    return path, path.stat().st_mtime_ns


@lru_cache(maxsize=2)
def _cached(path: Path, _written_at: int, key: str) -> store.Store:
    found = store.Store(path, key)
    if not found.stamp.is_current:
        raise StoreError(
            f"{path.name} was made by other definitions. Start the dashboard again with: lac run"
        )
    return found


@lru_cache(maxsize=4)
def _cached_without(
    path: Path, _written_at: int, key: str, listing: tuple[str, ...]
) -> store.Store:
    return store.Store(path, key, hidden=listing)


__all__ = ["Denied", "NothingLoaded", "Session", "hidden", "let_go", "notebook", "open", "opened"]
