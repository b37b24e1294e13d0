"""The only way in: finds the keys, writes the log line, opens the store, checks the role.

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

#: One line a page and child for so long; a longer look is a new line.
VIEW_TTL = timedelta(minutes=10)

#: Pages of which each opening is a line, however soon it follows another.
EACH_OPENING = frozenset({"safeguarding"})

#: Of 5 bits each.
_ADDRESS_LENGTH = 16

#: The purpose of a session that reads what the governor report counts, and nothing else.
REPORT = "report"
#: That of a tab, which asks the same again with every click.
DASHBOARD = "dashboard"
#: In which people ask what they like, and may ask too much.
_NOTEBOOK = "notebook"
_FREE_PURPOSES = ("sql", _NOTEBOOK)
QUESTION_TIMEOUT_S = 30.0
#: What is made to be passed on; a restricted child is in none of it.
_EXPORT = "export"
_PASSED_ON_PURPOSES = ("template", "share", _EXPORT, REPORT)
#: When the newest load of any school was, and how far the marks of the one that goes furthest go.
_NEWEST = "select max(loaded_at) as loaded_at, max(data_until) as data_until from int_newest_load"
_NEWEST_THEN = """
select max(data_until) from (
    select arg_max(data_until, (loaded_at, load_id)) as data_until
    from stg_load where loaded_at <= $seen_at
    group by school_key
)
"""
#: What serves the school rather than the child, or many at once; an objection stops it.
_OPTIONAL_PURPOSES = (_NOTEBOOK, REPORT, "share", _EXPORT)


class Denied(SafeguardsError):
    """The role has no right to this; the message is for people."""


class NothingLoaded(SafeguardsError):
    """The home has no store yet; the message says how to make one."""


@dataclass(eq=False, repr=False)
class Session:
    """One person's view of one home; made by `open`."""

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
    #: All that the person has; `choose_role` says in which one something is done.
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
        """Whether the home is still at the version, the settings and the day of this session.

        A load, an undo, an entry that somebody typed or midnight moves it on; `open` a new one
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
        """What a session was told of the home's files that say what it may see."""
        names = (settings.FILE, caseload.FILE)
        return tuple(recall.stamp_file(home.folder / name) for name in names)

    @property
    def hidden(self) -> tuple[tuple[str, ...], frozenset[str] | None]:
        """About whom this session may write nothing now, as `open_store` takes it.

        A caseload may have changed since the session was opened.
        """
        only = _find_own_children(
            self.home, Keys.load(self.home), self.role, self.actor, self._find_day()
        )
        return list_excluded_tables(self.role, self.purpose), only

    def fetch_advisers(self) -> dict[str, str]:
        """By pupil_id whose caseload each child of this session is in."""
        day = self._named_day or self.home.find_default_day(self._clock()) or date.max
        whose = caseload.Caseload.load(self.home, Keys.load(self.home)).get_advisers(day)
        pupils = self._store.read("select pupil_id, handle from stg_pupil")
        return {pupil_id: whose[each] for pupil_id, each in pupils.iter_rows() if each in whose}

    def is_own_authority(self, authority: str | None) -> bool | None:
        """Whether this is the home's own authority; None where either has not been said.

        Names are the same that differ in nothing but case, spaces and signs.
        """
        own, other = (_fold(name or "") for name in (self.own_authority, authority))
        return own == other if own and other else None

    @property
    def rights(self) -> tuple[object, ...]:
        """What tells the answers of this session from those of others: all but who asks."""
        version = (*self._version, self._store.hidden)
        days = (self.as_at, self.register_day)
        told = (self._switched_off, self._files)
        return version, self.role, self.categories, told, days

    @property
    def is_replay(self) -> bool:
        """Whether somebody named the day, and it is another than that of everybody else."""
        today = self.home.find_default_day(self._clock()) or self.data_until
        return self.as_at != today

    def count_missing_days(self) -> int:
        """As `Store.count_missing_days`; whoever sees a page may know."""
        return self._store.count_missing_days(self.as_at)

    def is_allowed(self, page: str, action: str = "view") -> bool:
        """Whether the role may do this on this page."""
        return roles.is_allowed(self.role, page, action)

    def choose_role(self, page: str, action: str) -> str:
        """Return the one of the person's roles in which this is written down."""
        return roles.choose_role(self.role, page, action)

    def has_category(self, category: str) -> bool:
        """Whether the role may see this kind of data; a page then asks for it."""
        return category in self.categories

    def has_table(self, table: str) -> bool:
        """Whether the school keeps what this raw_ table holds; pages pass over what it does not."""
        return table not in self._switched_off

    def select_visible(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows whose own `category` the role may see, such as those of duty."""
        return rows.filter(pl.col("category").is_in(self.categories))

    def get_address(self, pupil_id: str) -> str:
        """What stands for a child in an address of this installation: 16 characters.

        It says nothing, and is another one wherever the home has other keys.
        """
        return _derive_address(self._address_key, pupil_id)

    def find_pupil_by_address(self, token: str) -> str | None:
        """The child whose address it is, among those of whom this session has a row.

        Who left, or is in no group any more, is among them for who may see former_member; and in
        a home of many who is in care and on no roll.

        Denied for a role that sees no children.
        """
        pupil_ids = self.read("select pupil_id from cohort_member")["pupil_id"].to_list()
        if self.has_category("plans"):
            pupil_ids += self.read("select pupil_id from former_member")["pupil_id"].to_list()
        if self.home_of != "school":
            pupil_ids += self.read("select pupil_id from no_school_place")["pupil_id"].to_list()
        return next((each for each in pupil_ids if self.get_address(each) == token), None)

    def enter(self, page: str, child: str | None = None, action: str = "view") -> None:
        """Say that a page is about to be shown, about one child (pupil_id) if it is.

        The line is on the disk before this returns: no log, no view.  A view is one line
        for a while, or one each time that somebody comes to a page of EACH_OPENING;
        anything else is a line each time.  Denied if the role lacks the page, `child` is
        no pseudonym, or who does more than look is not listed any more; that is logged too.
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
        """Say that the person signed out."""
        self._write("sign_out", None, ())

    def log_ended_sign_in(self, name: str) -> None:
        """Say that a person is about to be signed out by the safeguarding lead.

        Denied unless the role may decide who comes in; that is logged.
        """
        if not roles.is_lead(self.role):
            self._write("deny", None, ())
            raise Denied(roles.build_refusal(self.role, "do this"))
        role = roles.choose_role(self.role)  # a lead's is the first
        self._log.append(Event("sign_in_ended", self.actor, role, purpose=name))

    def read(self, query: str, parameters: Mapping[str, Any] | None = None) -> pl.DataFrame:
        """The rows of a query on the day of this session.

        Denied for a relation that is no mart or check, or whose category the role lacks, and
        for a function that is not on the list of those that work on values alone.
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
        """Write the raw_ tables as Parquet for another engine; how many rows they have.

        Denied, and that is logged, unless the role may and the session is for that alone: it
        has no row of a child whose data are restricted, or about whom somebody objected.
        """
        if self.purpose != _EXPORT:
            raise Denied("Only a session that was opened to write the tables may write them.")
        self.enter(_EXPORT, action="download")
        return self._store.export_raw(folder, self._switched_off)

    def require_category(self, category: str) -> None:
        """Denied, and that is logged, unless the role may see this kind of data."""
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
        """The same session, for the same role, on another day.

        register_day: up to which attendance goes; the last full day of the register up to `day`
        by default.  It writes no line of its own: whoever compares two days looks at one page.
        """
        other = copy(self)
        other._named_day = day  # noqa: SLF001 - its own
        other._stand_at(day, register_day)  # noqa: SLF001
        return other

    def copy_in_role(self, role: str) -> "Session":
        """The same session, with the children alone of whom this one of the person's roles knows.

        Figures that a role passes on are the same whatever else the person is.
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
        """The days on which this person saw a page at an earlier visit, as `copy_as_at` takes them.

        That is a view on a day before the clock's, in any role; the register went as far as the
        newest load had it then.  Days are of UTC: no school looks at midnight, so local time
        would not change them.  None for a first visit, or before the first load.
        LogError if the log cannot be read.
        """
        today = self._clock().astimezone(UTC).date()
        if (page, today) not in self._seen_days:
            self._seen_days[page, today] = self._find_seen_days(page, today)
        return self._seen_days[page, today]

    def _find_seen_days(self, page: str, today: date) -> tuple[date, date] | None:
        seen_at = self._log.find_last_view(self.actor, page, before=today)
        if seen_at is None:
            return None
        found: date | None = self._store.read(
            _NEWEST_THEN, {"seen_at": seen_at.replace(tzinfo=None)}
        ).item()
        return None if found is None else (self.home.find_default_day(seen_at) or found, found)

    def find_views(self, child: str, days: int) -> tuple[PageView, ...]:
        """Who viewed this child's page in the last `days` days of the clock, newest day first.

        Denied unless the role may know; that is logged.  LogError if the log cannot be read.
        """
        if not self.is_allowed("child", "audit"):
            self._write("deny", "child", (child,) if is_pupil_id(child) else ())
            raise Denied(roles.build_refusal(self.role, "see the log"))
        since = self._clock().astimezone(UTC).date() - timedelta(days=days - 1)
        return self._log.find_views(child, since=since)

    def read_log(self, child: str | None = None) -> list[dict[str, Any]]:
        """What the access log says, oldest first, of everything or of one child (pupil_id).

        That it is shown is a line of its own, and in it.  Denied unless the role may.
        """
        self.enter("audit", child, action="audit")
        records = self._log.read_records()
        return [row for row in records if child is None or child in (row.get("pupil_ids") or ())]

    def _write(self, event: str, page: str | None, pupil_ids: tuple[str, ...]) -> None:
        role = roles.choose_role(self.role, page, event)  # a line of an act is called as the act is
        self._log.append(Event(event, self.actor, role, page, pupil_ids, self.purpose))


@lru_cache(maxsize=1)
def _list_functions() -> frozenset[str]:
    """Those of DuckDB that a question may call: `functions.txt`."""
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
    """A session on the home at `folder`, as at a day: by default the clock's, in a demo its own.

    why: what for, which the log keeps and on which nothing hangs.  admitted: who signed in; a
    school's real home opens for nobody else.  actor, role: who asks, and as what, in a demo
    home.  Denied for a real home without somebody who signed in and still has these roles,
    which is logged.  NothingLoaded before the first load.
    HomeError, KeysError, LogError and StoreError as their names say.
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
    """Return the file of the version in use; NothingLoaded before the first load."""
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
    """A session that may ask by SQL, of which the log has one line; errors as in `open`.

    A real home opens for whoever signed in to this process before, as `lac notebook` has them
    do.  Else the passphrase is asked for: who: whose, the safeguarding lead's if unset; ask:
    how, by a hidden prompt if unset.  role: counts in a demo home; elsewhere a role is the
    person's own, and another one is refused before anything is asked.  why: for the log.
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
    """Denied, and that is logged, for a role that may not ask by SQL."""
    if not roles.is_allowed(role, "sql", "sql"):
        log = AccessLog(home, Keys.load(home))
        named = roles.choose_role(role)
        log.append(Event("deny", actor or getpass.getuser(), named, "sql", (), _NOTEBOOK))
        raise Denied(roles.build_refusal(role, "open this page"))


_store_lock, _copy_lock = threading.Lock(), threading.Lock()
#: What stores have fewer children than a whole one, and go with it: each adviser's is one.
_copies: WeakKeyDictionary[
    store.Store, dict[tuple[tuple[str, ...], frozenset[str] | None], store.Store]
] = WeakKeyDictionary()
_COPIES_KEPT = 32


def list_excluded_tables(role: str, purpose: str) -> tuple[str, ...]:
    """The raw_ tables that list the children of whom a session must not have a row."""
    found = []
    if not roles.has_access_to_restricted(role) or purpose in _PASSED_ON_PURPOSES:
        found.append("raw_restriction")
    if purpose in _OPTIONAL_PURPOSES:
        found.append("raw_objection")
    return tuple(found)


def _fold(name: str) -> str:
    return "".join(filter(str.isalpha, name.casefold()))


def _find_own_children(
    home: Home, keys: Keys, role: str, actor: str, day: date | None
) -> frozenset[str] | None:
    """The handles of an adviser's caseload on a day; None for roles that see every child.

    In a demo, where nobody need have a name, that of the first adviser of the list.
    """
    if not roles.has_caseload(role):
        return None
    found, day = caseload.Caseload.load(home, keys), day or date.max
    advisers = set(found.get_advisers(day).values())
    if home.is_demo and actor not in advisers:
        actor = min(advisers, default=actor)
    return found.find_handles(actor, day)


def open_store(
    path: Path, key: str, excluded: tuple[str, ...] = (), only: frozenset[str] | None = None
) -> store.Store:
    """The open store of a version: one connection for every session of this process.

    Only for those who hold the key; it knows no roles.  excluded: see `Session.hidden`; where these
    tables list nobody it is the same store.  only: see `Store`.  StoreError if other definitions
    made it.

    Opening costs some 60 ms, a cursor 1; a copy some 600, for which nobody waits who needs none.
    The version before stays open for sessions that began on it.
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
        copies = _copies.setdefault(whole, {})  # if a newer one is opened meanwhile, nobody's
        if (listing, only) not in copies:
            while len(copies) >= _COPIES_KEPT:
                copies.pop(next(iter(copies)))
            copies[listing, only] = _copy_store(version, key, listing, only)
        return copies[listing, only]


def _copy_store(
    version: tuple[Path, int], key: str, listing: tuple[str, ...], only: frozenset[str] | None
) -> store.Store:
    found = store.Store(version[0], key, excluded_tables=listing, only=only)
    if _identify_version(version[0]) != version:
        raise StoreError(f"{version[0].name} was replaced while it was opened. Try again.")
    return found


def prepare_day(
    home: Home, day: date | None = None, environ: Mapping[str, str] = os.environ
) -> None:
    """Work out all that a day asks of the version in use, for whoever comes; none before a load.

    day: the end of the data by default.  KeysError and StoreError as their names say.
    """
    path = versions.find_current_version(home.store)
    if path is not None:
        version = open_store(path, Keys.load(home, environ).store)
        version.prepare_day(
            day or version.read("select max(data_until) from int_newest_load").item()
        )


def release_stores() -> None:
    """Hold no store open any longer than the sessions on it do."""
    with _store_lock:
        _open_cached_store.cache_clear()
        _copies.clear()


def _identify_version(path: Path) -> tuple[Path, int]:
    """What tells a version from any other: an undone load's number is given again."""
    try:
        return path, path.stat().st_mtime_ns
    except OSError as error:
        raise StoreError(f"{path.name} is no longer there. Try again.") from error


def _load_settings(home: Home, keys: Keys, home_of: HomeOf) -> settings.Settings:
    """What the settings say; a school's that are damaged open nothing, and keep nobody out."""
    try:
        return settings.Settings.load(home, keys)
    except SafeguardsError:
        if home_of != "school":  # nothing else says what it is called
            raise
        return settings.Settings("", "")


@lru_cache(maxsize=4096)  # each row of each page has one
def _derive_address(key: bytes, pupil_id: str) -> str:
    digest = hmac.digest(key, pupil_id.encode(), "sha256")
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:_ADDRESS_LENGTH])


@lru_cache(maxsize=2)
def _open_cached_store(path: Path, _written_at: int, key: str) -> store.Store:
    _copies.clear()  # of versions before: sessions hold their own
    found = store.Store(path, key)
    if not found.stamp.is_current:
        raise StoreError(
            f"{path.name} was made with other definitions. Start the dashboard again with: lac run"
        )
    return found
