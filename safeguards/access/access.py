"""Sessions: the only way to a store, by way of the keys, the log and the rights of a role.

A `Session` answers questions for one person in all their roles on one day.  It refuses every
relation whose category the role may not see, so a page cannot show it by mistake.
"""

import getpass
import hmac
import os
import threading
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import polars as pl

from queries.errors import StoreError
from queries.statement import format_sql
from queries.store import store, versions
from queries.views import views
from safeguards import caseload
from safeguards.access import admission, recall, roles, settings
from safeguards.access.admission import Principal
from safeguards.errors import SafeguardsError
from safeguards.files import quote
from safeguards.handles import ALPHABET
from safeguards.home.home import Home
from safeguards.journal.access_log import AccessLog, Event, PageView, get_utc_now, is_pupil_id
from safeguards.keys.home_of import HomeOf, get_home_of
from safeguards.keys.key_files import derive_key
from safeguards.keys.keys import Keys

#: How long one line of the log stands for a person's views of a page about a child.
VIEW_TTL = timedelta(minutes=10)

#: Pages whose every opening is a line of the log, however soon it follows another.
EACH_OPENING = frozenset({"safeguarding"})

#: The characters of an address, of 5 bits each.
_ADDRESS_LENGTH = 16

#: The purpose of a session that reads only the data that the governor report counts.
REPORT = "report"
#: The purpose of a tab's session, which asks the same again with every click.
DASHBOARD = "dashboard"
#: The purposes whose queries people write themselves, so that they may take too long.
_NOTEBOOK = "notebook"
_FREE_PURPOSES = ("sql", _NOTEBOOK)
QUESTION_TIMEOUT_S = 30.0
#: The purposes whose results are passed on; a restricted child is in none of them.
_EXPORT = "export"
_PASSED_ON_PURPOSES = ("template", "share", _EXPORT, REPORT)
#: The time of the newest load of any school, and the last day that any school has marks for.
_NEWEST = "select max(loaded_at) as loaded_at, max(data_until) as data_until from int_newest_load"
_NEWEST_THEN = """
select max(data_until) from (
    select arg_max(data_until, (loaded_at, load_id)) as data_until
    from stg_load where loaded_at <= $seen_at
    group by school_key
)
"""
#: The purposes that serve the school or many children, not one; an objection stops them.
_OPTIONAL_PURPOSES = (_NOTEBOOK, REPORT, "share", _EXPORT)


class Denied(SafeguardsError):
    """The role has no right to this; the message is for people."""


class NothingLoaded(SafeguardsError):
    """The home has no store yet; the message says how to make one."""


@dataclass(eq=False, repr=False)
class Session:
    """One person's access to one home, as `open` makes it."""

    _store: store.Store
    _log: AccessLog
    _clock: Callable[[], datetime]
    _named_day: date | None
    _address_key: bytes
    home: Home
    home_of: HomeOf
    school_name: str
    own_authority: str
    actor: str
    #: All the person's roles; `choose_role` returns the one in which an act is logged.
    role: str
    purpose: str
    admitted: Principal | None
    has_shared_concerns: bool
    is_group_for_governor: bool

    def __post_init__(self) -> None:
        self._viewed: dict[tuple[str, str | None], datetime] = {}
        self._place: str | None = None
        self._allowed_queries: set[str] = set()
        self._seen_days: dict[tuple[str, date], tuple[date, date] | None] = {}
        self._version = _identify_version(self._store.path)
        self._files = self._stamp_files(self.home)
        self.is_demo = self.home.is_demo
        self.categories = roles.list_session_categories(self.role, is_report=self.purpose == REPORT)
        if self.has_shared_concerns:
            self.categories |= {"concern"}
        loaded = self._store.read(_NEWEST).row(0, named=True)
        self.loaded_at: datetime = loaded["loaded_at"]
        self.data_until: date = loaded["data_until"]
        self._switched_off = frozenset(self._store.read("from store_switched_off")["table_name"])
        names = "select school_name from stg_school"
        self.school_name = self.school_name or str(self._store.read(names).item(0, 0))
        self._stand_at(self._find_day())

    @property
    def is_current(self) -> bool:
        """Say whether the home still has the version, the settings and the day of this session.

        A load, an undo, an entry that somebody typed or midnight changes them; `open` a new session
        then.
        """
        path = versions.find_current_version(self.home.store)
        return (
            path is not None
            and self.as_at == self._find_day()
            and _identify_version(path) == self._version
            and self._stamp_files(self.home) == self._files
        )

    @staticmethod
    def _stamp_files(home: Home) -> tuple[recall.Stamp, ...]:
        """Return the stamps of the home's files that decide what a session may see."""
        names = (settings.FILE, caseload.FILE)
        return tuple(recall.stamp_file(home.folder / name) for name in names)

    @property
    def hidden(self) -> tuple[tuple[str, ...], frozenset[str] | None]:
        """Return the excluded tables and the own children, as `open_store` takes them, as of now.

        The session may write nothing about the others.  A caseload may have changed since it was
        opened.
        """
        only = _find_own_children(
            self.home, Keys.load(self.home), self.role, self.actor, self._find_day()
        )
        return list_excluded_tables(self.role, self.purpose), only

    def fetch_advisers(self) -> dict[str, str]:
        """Return the adviser of each child of this session who is in a caseload, by pupil_id."""
        day = self._named_day or self.home.find_default_day(self._clock()) or date.max
        advisers = caseload.Caseload.load(self.home, Keys.load(self.home)).get_advisers(day)
        pupils = self._store.read("select pupil_id, handle from stg_pupil")
        return {
            pupil_id: advisers[handle]
            for pupil_id, handle in pupils.iter_rows()
            if handle in advisers
        }

    def is_own_authority(self, authority: str | None) -> bool | None:
        """Say whether this is the home's own authority, or None if either is not known.

        Two names are the same if they differ only in case, spaces and signs.
        """
        ours, other = (_fold(name or "") for name in (self.own_authority, authority))
        return ours == other if ours and other else None

    @property
    def rights(self) -> tuple[object, ...]:
        """Return all that the answers of this session depend on; the person is no part of it."""
        version = (*self._version, self._store.hidden)
        days = (self.as_at, self.register_day)
        files = (self._switched_off, self._files)
        return version, self.role, self.categories, files, days

    @property
    def is_replay(self) -> bool:
        """Say whether somebody chose a day, other than the one that everybody else sees."""
        today = self.home.find_default_day(self._clock()) or self.data_until
        return self.as_at != today

    def count_missing_days(self) -> int:
        """Return `Store.count_missing_days` for this day; everybody who sees a page may know it."""
        return self._store.count_missing_days(self.as_at)

    def is_allowed(self, page: str, action: str = "view") -> bool:
        """Say whether the role may do this on this page."""
        return roles.is_allowed(self.role, page, action)

    def choose_role(self, page: str, action: str) -> str:
        """Return the one of the person's roles in which this is logged."""
        return roles.choose_role(self.role, page, action)

    def has_category(self, category: str) -> bool:
        """Say whether the role may see this kind of data; a page then asks for it."""
        return category in self.categories

    def has_table(self, table: str) -> bool:
        """Say whether the school keeps the data of this raw_ table; pages leave out the others."""
        return table not in self._switched_off

    def select_visible(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return the rows whose own `category` the role may see, such as those of duty."""
        return rows.filter(pl.col("category").is_in(self.categories))

    def get_address(self, pupil_id: str) -> str:
        """Return the 16 characters that stand for a child in an address of this installation.

        They say nothing about the child, and differ wherever a home has other keys.
        """
        return _derive_address(self._address_key, pupil_id)

    def find_pupil_by_address(self, token: str) -> str | None:
        """Return the pupil_id with this address, or None if this session has no row of the child.

        A role that may see former_member also has those who left or are in no group any more.  A
        home of many schools also has those in care who are on no roll.

        A role that sees no children is Denied.
        """
        pupil_ids = self.read("select pupil_id from cohort_member")["pupil_id"].to_list()
        if self.has_category("plans"):
            pupil_ids += self.read("select pupil_id from former_member")["pupil_id"].to_list()
        if self.home_of != "school":
            pupil_ids += self.read("select pupil_id from no_school_place")["pupil_id"].to_list()
        return next(
            (pupil_id for pupil_id in pupil_ids if self.get_address(pupil_id) == token), None
        )

    def enter(self, page: str, child: str | None = None, action: str = "view") -> None:
        """Log that a page is about to be shown, about one child (pupil_id) if it is.

        The line is on the disk before this returns: no log, no view.  A view is one line for a
        while, or one whenever somebody comes to a page of EACH_OPENING; any other action is a line
        each time.  It is Denied, and that is logged, if the role lacks the page, `child` is no
        pseudonym, or a person who does more than view is no longer listed.
        """
        is_child = child is None or is_pupil_id(child)
        pupil_ids = (child,) if child is not None and is_child else ()
        is_there = action == "view" or _is_admitted(self.home, Keys.load(self.home), self.admitted)
        if not (self.is_allowed(page, action) and is_child and is_there):
            self._write("deny", page, pupil_ids)
            raise Denied(roles.build_refusal(self.role, "open this page"))
        now = self._clock()
        last = self._viewed.get((page, child))
        if action != "view":
            self._write(action, page, pupil_ids)
            return
        is_opening = page in EACH_OPENING and self._place != page
        if is_opening or last is None or now - last >= VIEW_TTL:
            self._write(action, page, pupil_ids)
            self._viewed[page, child] = now
        self._place = page

    def log_sign_out(self) -> None:
        """Log that the person signed out."""
        self._write("sign_out", None, ())

    def log_ended_sign_in(self, name: str) -> None:
        """Log that the safeguarding lead is about to sign a person out.

        It is Denied, and that is logged, if the role may not decide who comes in.
        """
        if not roles.is_lead(self.role):
            self._write("deny", None, ())
            raise Denied(roles.build_refusal(self.role, "do this"))
        role = roles.choose_role(self.role)  # a lead's is the first
        self._log.append(Event("sign_in_ended", self.actor, role, purpose=name))

    def read(self, query: str, parameters: Mapping[str, Any] | None = None) -> pl.DataFrame:
        """Return the rows of a query on the day of this session.

        It is Denied if a relation is no mart or check, if the role lacks a relation's category, or
        if a function is not on the list of those that work on values alone.
        """
        if query not in self._allowed_queries:
            self._require_readable(query)
            self._allowed_queries.add(query)
        if self.purpose == DASHBOARD:
            return self._store.read_once(
                query, parameters, as_at=self.as_at, register_day=self.register_day
            )
        timeout_s = QUESTION_TIMEOUT_S if self.purpose in _FREE_PURPOSES else None
        return self._store.read(
            query, parameters, as_at=self.as_at, register_day=self.register_day, timeout_s=timeout_s
        )

    def export_raw(self, folder: Path) -> int:
        """Write the raw_ tables as Parquet for another engine, and return the number of their rows.

        There is no row of a child whose data are restricted, or about whom somebody objected.  It
        is Denied if the session was not opened for this alone, or the role may not, which is
        logged.
        """
        if self.purpose != _EXPORT:
            raise Denied("Only a session that was opened to write the tables may write them.")
        self.enter(_EXPORT, action="download")
        return self._store.export_raw(folder, self._switched_off)

    def require_category(self, category: str) -> None:
        """Raise Denied, and log it, unless the role may see this kind of data."""
        if category not in self.categories:
            self._write("deny", None, ())
            raise Denied(roles.build_refusal(self.role, "use this"))

    def _require_readable(self, query: str) -> None:
        for name in sorted(self._store.find_relations(query)):
            view = views.load_views().get(name)
            category = view.category if view else None
            if category not in self.categories:
                self._write("deny", None, ())
                raise Denied(
                    f"The {roles.name_roles(self.role)} cannot read {name}. See: lac sql --list"
                )
        for name in sorted(self._store.find_foreign_functions(query) - _list_functions()):
            self._write("deny", None, ())
            raise Denied(f"A query is not allowed to call {name}.")

    def copy_as_at(self, day: date, register_day: date | None = None) -> "Session":
        """Return the same session, for the same role, on another day.

        Attendance goes up to `register_day`, by default the last full day of the register up to
        `day`.  It writes no line of its own: a person who compares two days looks at one page.
        """
        other = copy(self)
        other._named_day = day  # noqa: SLF001 - its own
        other._stand_at(day, register_day)  # noqa: SLF001
        return other

    def copy_in_role(self, role: str) -> "Session":
        """Return the session in one of the person's roles, without children whom it may not see.

        The figures that a role passes on are the same whatever other roles the person has.
        """
        other = copy(self)
        path, key = self._store.path, Keys.load(self.home).store
        excluded = list_excluded_tables(role, self.purpose)
        other._store = open_store(path, key, excluded, self.hidden[1])  # noqa: SLF001 - its own
        other.role = role
        return other

    def _find_day(self) -> date:
        return self._named_day or self.home.find_default_day(self._clock()) or self.data_until

    def _stand_at(self, day: date, register_day: date | None = None) -> None:
        self.as_at, self.register_day = day, register_day or self._store.find_register_day(day)

    def find_last_seen_days(self, page: str) -> tuple[date, date] | None:
        """Return the days of this person's last visit to a page, as `copy_as_at` takes them.

        That is a view on a day before the clock's, in any role, with the register up to the last
        day of the newest load then.  Days are of UTC: no school looks at midnight, so local time
        would not change them.  It is None for a first visit, or before the first load.  LogError
        means that the log cannot be read.
        """
        today = self._clock().astimezone(UTC).date()
        if (page, today) not in self._seen_days:
            self._seen_days[page, today] = self._find_seen_days(page, today)
        return self._seen_days[page, today]

    def _find_seen_days(self, page: str, today: date) -> tuple[date, date] | None:
        seen_at = self._log.find_last_view(self.actor, page, before=today)
        if seen_at is None:
            return None
        last_day: date | None = self._store.read(
            _NEWEST_THEN, {"seen_at": seen_at.replace(tzinfo=None)}
        ).item()
        return (
            None
            if last_day is None
            else (self.home.find_default_day(seen_at) or last_day, last_day)
        )

    def find_views(self, child: str, days: int) -> tuple[PageView, ...]:
        """Return the views of this child's page in the last `days` days of the clock, newest first.

        It is Denied, and that is logged, if the role may not know.  LogError: the log cannot be
        read.
        """
        if not self.is_allowed("child", "audit"):
            self._write("deny", "child", (child,) if is_pupil_id(child) else ())
            raise Denied(roles.build_refusal(self.role, "see the log"))
        since = self._clock().astimezone(UTC).date() - timedelta(days=days - 1)
        return self._log.find_views(child, since=since)

    def read_log(self, child: str | None = None) -> list[dict[str, Any]]:
        """Return the lines of the access log, oldest first, of all or of one child (pupil_id).

        Showing the log is a line of its own, which is among them.  It is Denied if the role may
        not.
        """
        self.enter("audit", child, action="audit")
        records = self._log.read_records()
        return [row for row in records if child is None or child in (row.get("pupil_ids") or ())]

    def _write(self, event: str, page: str | None, pupil_ids: tuple[str, ...]) -> None:
        role = roles.choose_role(self.role, page, event)  # the event has the action's name
        self._log.append(Event(event, self.actor, role, page, pupil_ids, self.purpose))


@lru_cache(maxsize=1)
def _list_functions() -> frozenset[str]:
    """Return DuckDB's functions that a query may call, from `functions.txt`."""
    lines = Path(__file__).with_name("functions.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(name for line in lines if not line.startswith("# ") for name in line.split())


def open(  # noqa: A001 - `access.open` is what it is called everywhere in the design
    folder: Path,
    *,
    purpose: str,
    why: str = "",
    admitted: Principal | None = None,
    actor: str = "nobody",
    role: str = "none",
    as_at: date | None = None,
    clock: Callable[[], datetime] = get_utc_now,
    environ: Mapping[str, str] = os.environ,
) -> Session:
    """Open a session on the home at `folder` as at a day, by default today or a demo's own day.

    `why` is the reason, for the log only.  `admitted` is the person who signed in; a school's real
    home opens for nobody else.  `actor` and `role` are the person and the roles in a demo home.  A
    real home is Denied, and that is logged, without a person who signed in and still has these
    roles.  NothingLoaded means that there was no load yet.  HomeError, KeysError, LogError and
    StoreError are as their names say.
    """
    home = Home.open(folder)
    keys = Keys.load(home, environ)
    log = AccessLog(home, keys, clock)
    home_of = get_home_of(keys)
    if admitted is not None:
        actor, role = admitted.name, admitted.role
    role = roles.find_role(role, home_of)
    named = roles.choose_role(role)
    if not _is_admitted(home, keys, admitted):
        log.append(Event("deny", actor, named, purpose=f"{purpose}: not signed in"))
        raise Denied("Sign in first: this is a real school's folder.")
    log.append(Event("open", actor, named, purpose=f"{purpose}: {why}" if why else purpose))
    version = _find_version(home)
    settings = _load_settings(home, keys, home_of)
    return Session(
        open_store(
            version,
            keys.store,
            list_excluded_tables(role, purpose),
            _find_own_children(home, keys, role, actor, as_at or home.find_default_day(clock())),
        ),
        log,
        clock,
        as_at,
        derive_key(keys.log, "address|v1"),
        home,
        home_of=home_of,
        school_name=settings.school if home_of != "school" else "",
        own_authority=settings.authority,
        actor=actor,
        role=role,
        purpose=purpose,
        admitted=admitted,
        has_shared_concerns=(
            purpose == DASHBOARD
            and roles.is_allowed(role, "child", "raise_concern")
            and settings.are_concerns_shared
        ),
        is_group_for_governor=settings.is_group_for_governor,
    )


def _find_version(home: Home) -> Path:
    """Return the file of the version in use; NothingLoaded means that there was no load yet."""
    version = versions.find_current_version(home.store)
    if version is None:
        raise NothingLoaded(
            f"Nothing has been loaded into {home.folder} yet. "
            f"Run: lac load DIR --home {quote(home.folder)}"
        )
    return version


def _is_admitted(home: Home, keys: Keys, admitted: Principal | None) -> bool:
    return home.is_demo or bool(admitted and admission.is_still_valid(home, keys, admitted))


def open_notebook(
    folder: Path,
    *,
    role: str | None = None,
    as_at: date | None = None,
    who: str | None = None,
    why: str = "",
    ask: Callable[[str], str] | None = None,
) -> Session:
    """Open a session that may ask by SQL, with one line in the log; its errors are those of `open`.

    A real home opens for the person who signed in to this process before, as `lac notebook` has
    them do.  Without one, `ask`, or a hidden prompt, asks for the passphrase of `who`, by default
    the safeguarding lead.  `role` counts in a demo home; elsewhere people have their own, and a
    role that may not use SQL is refused before anything is asked.  `why` is for the log.
    """
    home = Home.open(folder)
    if role is not None:
        require_sql(home, role)
    admitted = None if home.is_demo else admission.find_remembered(home)
    if not home.is_demo and admitted is None:
        name = who or settings.Settings.load(home, Keys.load(home)).lead
        phrase = (ask or getpass.getpass)(f"Passphrase for {name}: ")
        admitted = admission.sign_in_with_passphrase(home, name, phrase)
        admission.remember(admitted)
    if admitted is not None:
        require_sql(home, admitted.role, admitted.name)
    return open(
        folder,
        admitted=admitted,
        actor=getpass.getuser(),
        role=role or "dsl",
        purpose=_NOTEBOOK,
        why=why,
        as_at=as_at,
    )


def require_sql(home: Home, role: str, actor: str | None = None) -> None:
    """Raise Denied, and log it, for a role that may not ask by SQL."""
    if not roles.is_allowed(role, "sql", "sql"):
        log = AccessLog(home, Keys.load(home))
        named = roles.choose_role(role)
        log.append(Event("deny", actor or getpass.getuser(), named, "sql", (), _NOTEBOOK))
        raise Denied(roles.build_refusal(role, "open this page"))


_store_lock, _copy_lock = threading.Lock(), threading.Lock()
#: The copies of a whole store without some children, such as each adviser's; they go with it.
_copies: WeakKeyDictionary[
    store.Store, dict[tuple[tuple[str, ...], frozenset[str] | None], store.Store]
] = WeakKeyDictionary()
_COPIES_KEPT = 32


def list_excluded_tables(role: str, purpose: str) -> tuple[str, ...]:
    """Return the raw_ tables whose children a session must not see."""
    tables = []
    if not roles.has_access_to_restricted(role) or purpose in _PASSED_ON_PURPOSES:
        tables.append("raw_restriction")
    if purpose in _OPTIONAL_PURPOSES:
        tables.append("raw_objection")
    return tuple(tables)


def _fold(name: str) -> str:
    return "".join(filter(str.isalpha, name.casefold()))


def _find_own_children(
    home: Home, keys: Keys, role: str, actor: str, day: date | None
) -> frozenset[str] | None:
    """Return the handles of an adviser's caseload on a day; None for roles that see every child.

    In a demo an actor without a caseload gets that of the first adviser by name.
    """
    if not roles.has_caseload(role):
        return None
    lines, day = caseload.Caseload.load(home, keys), day or date.max
    advisers = set(lines.get_advisers(day).values())
    if home.is_demo and actor not in advisers:
        actor = min(advisers, default=actor)
    return lines.find_handles(actor, day)


def open_store(
    path: Path, key: str, excluded: tuple[str, ...] = (), only: frozenset[str] | None = None
) -> store.Store:
    """Return the open store of a version, with one connection for every session of this process.

    It asks for no role: the caller holds the key.  `excluded` is as in `Session.hidden`; if these
    tables list nobody, the same store is returned.  `only` is as in `Store`.  StoreError means that
    other definitions made the version.

    Opening takes some 60 ms, a cursor 1 and a copy some 600; nobody waits for a copy that they do
    not need.  The version before stays open for sessions that began on it.
    """
    with _store_lock:
        version = _identify_version(path)
        whole = _open_cached_store(*version, key)
    listing = tuple(
        name for name in excluded if whole.read(format_sql("from {name} limit 1", name=name)).height
    )
    if not listing and only is None:
        return whole
    with _copy_lock:
        copies = _copies.setdefault(whole, {})  # nobody uses them if a newer one was opened
        if (listing, only) not in copies:
            while len(copies) >= _COPIES_KEPT:
                copies.pop(next(iter(copies)))
            copies[listing, only] = _copy_store(version, key, listing, only)
        return copies[listing, only]


def _copy_store(
    version: tuple[Path, int], key: str, listing: tuple[str, ...], only: frozenset[str] | None
) -> store.Store:
    copy_store = store.Store(version[0], key, excluded_tables=listing, only=only)
    if _identify_version(version[0]) != version:
        raise StoreError(f"{version[0].name} was replaced while it was opened. Try again.")
    return copy_store


def prepare_day(
    home: Home, day: date | None = None, environ: Mapping[str, str] = os.environ
) -> None:
    """Work out the tables of a day for the version in use, before anybody asks; none before a load.

    The day is by default the end of the data.  KeysError and StoreError are as their names say.
    """
    path = versions.find_current_version(home.store)
    if path is not None:
        version = open_store(path, Keys.load(home, environ).store)
        version.prepare_day(
            day or version.read("select max(data_until) from int_newest_load").item()
        )


def release_stores() -> None:
    """Close each store as soon as no session uses it."""
    with _store_lock:
        _open_cached_store.cache_clear()
        _copies.clear()


def _identify_version(path: Path) -> tuple[Path, int]:
    """Return what tells a version from any other: an undone load's number is given again."""
    try:
        return path, path.stat().st_mtime_ns
    except OSError as error:
        raise StoreError(f"{path.name} is no longer there. Try again.") from error


def _load_settings(home: Home, keys: Keys, home_of: HomeOf) -> settings.Settings:
    """Return the settings; in a school, damaged ones open nothing, and keep nobody out."""
    try:
        return settings.Settings.load(home, keys)
    except SafeguardsError:
        if home_of != "school":  # nothing else says what it is called
            raise
        return settings.Settings("", "")


@lru_cache(maxsize=4096)  # each row of each page needs one
def _derive_address(key: bytes, pupil_id: str) -> str:
    digest = hmac.digest(key, pupil_id.encode(), "sha256")
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:_ADDRESS_LENGTH])


@lru_cache(maxsize=2)
def _open_cached_store(path: Path, _written_at: int, key: str) -> store.Store:
    _copies.clear()  # sessions on earlier versions hold their own
    whole = store.Store(path, key)
    if not whole.stamp.is_current:
        raise StoreError(
            f"{path.name} was made with other definitions. Start the dashboard again with: lac run"
        )
    return whole
