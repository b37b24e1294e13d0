"""Everything that a home holds about one child, as rows with their sources.

The store itself lists the tables, so that a table that is added later is not forgotten: every
raw_ table with a column `pupil_key`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from msgspec.structs import asdict

from queries.contract import CATEGORIES
from queries.contract.model.categories import build_category
from queries.contract.model.category import Rights
from queries.statement import format_sql
from queries.store import versions
from queries.store.store import Store
from safeguards.access import access
from safeguards.access.identify import Identity
from safeguards.home.home import Home
from safeguards.journal.access_log import AccessLog
from safeguards.journal.typed_entries import Entry, TypedEntries
from safeguards.keys.keys import Keys
from safeguards.vault.records import PupilRecord
from stewardship.registers.requests import Register, Request
from stewardship.registers.shares import Share, Shares

Row = dict[str, Any]

_TABLES = """
select distinct table_name from duckdb_columns()
where
    database_name = 'lac' and schema_name = 'main'
    and column_name = 'pupil_key' and starts_with(table_name, 'raw_')
order by table_name
"""
#: The columns that no family gets: keys inside a version, and the person who typed a row.
_INNER = ("school_key", "pupil_key", "source_id", "load_id", "actor", "sealed_line")

#: The part that lists the recipients for whom lac wrote files.
SHARED = "shared"
#: The column that says why a person must look at a row.
MARKED = "review"

#: The journals, which have no table in the store.
_JOURNALS = map(
    build_category, ("what people typed", "requests", "whom it was shared with", "who looked")
)
#: The name of each part's category, and what the family is told about it.
PARTS = {
    kind.part_name: (kind.name, kind.rights) for kind in (*CATEGORIES, *_JOURNALS) if kind.rights
}

WHY_REVIEW = {
    "third party": "This is by or about somebody else.",
    "serious harm": "Reading this could do somebody serious harm.",
    "not described": "Nobody has described this table yet.",
}


@dataclass(frozen=True)
class Part:
    """The rows of one kind.  `review` says why a person must look at a row, or is ""."""

    name: str
    category: str
    rights: Rights
    rows: tuple[Row, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of all columns of the rows, in their order."""
        return tuple(dict.fromkeys(name for row in self.rows for name in row))

    def drop_marks(self) -> "Part":
        """Return the part without `review`, as a recipient gets it."""
        rows = tuple({name: row[name] for name in row if name != MARKED} for row in self.rows)
        return replace(self, rows=rows)


def open_whole_store(home: Home, keys: Keys) -> Store:
    """Open the version in use, with every child: an objection ends neither holding nor duties.

    `access.NothingLoaded` before the first load.  Other errors as their names say.
    """
    path = versions.find_current_version(home.store)
    if path is None:
        raise access.NothingLoaded("Nothing has been loaded into the school's folder yet.")
    return access.open_store(path, keys.store)


def fetch_tables_with_children(version: Store) -> tuple[str, ...]:
    """Return every raw_ table of a version that has rows of children, from its schema."""
    return tuple(version.read(_TABLES)["table_name"])


def gather_parts(
    home: Home, keys: Keys, child: PupilRecord, identity: Identity | None = None
) -> list[Part]:
    """Read all that this home holds about a child, and return it as `build_parts` does."""
    return build_parts(
        open_whole_store(home, keys),
        child,
        entries=TypedEntries.open(home, keys).list_entries(),
        requests=Register.open(home, keys).list_all(),
        shares=Shares.open(home, keys).list_all(),
        log_records=AccessLog(home, keys).read_records(),
        identity=identity.values if identity else None,
        contacts=identity.contacts if identity else (),
    )


def build_parts(
    version: Store,
    child: PupilRecord,
    *,
    entries: Sequence[Entry],
    requests: Sequence[Request],
    shares: Sequence[Share] = (),
    log_records: Iterable[Mapping[str, Any]],
    identity: Mapping[str, str | None] | None,
    contacts: Sequence[Mapping[str, str]] = (),
) -> list[Part]:
    """Return all that is held about a child, without parts that have no rows.

    entries, requests, shares and log_records may contain those of other children, which are left
    out.  identity: None if nobody has opened it, and then there are no contacts either.  Staff
    appear as roles.
    """
    rows_of = {
        table: _fetch_rows(version, table, child) for table in fetch_tables_with_children(version)
    }
    rows_of["written"] = _list_written(entries, child)
    rows_of["requests"] = [
        {
            name: value
            for name, value in asdict(request).items()
            if name not in ("pupil_id", "opened_by", "identity_checked_by")
        }
        for request in requests
        if request.pupil_id == child.pupil_id
    ]
    rows_of[SHARED] = _list_shared(shares, child)
    rows_of["looked"] = [
        {"day": str(look["at"])[:10], "role": look["role"], "what": look["event"]}
        | {"page": look.get("page")}
        for look in log_records
        if child.pupil_id in look.get("pupil_ids", ())
    ]
    rows_of["identity"] = [dict(identity)] if identity else []
    rows_of["contacts"] = [dict(person) for person in contacts]
    return [_build_part(name, rows) for name, rows in rows_of.items() if rows]


def _list_written(entries: Sequence[Entry], child: PupilRecord) -> list[Row]:
    """Return what was typed about the child, and whether it was corrected since."""
    corrected = {entry.corrects for entry in entries}
    return [
        {
            "typed_on": entry.at.date(),
            "typed_by": entry.role,
            "kind": entry.kind,
            "file": entry.file,
            **entry.values,
            "where_written": entry.where_written,
            "was_corrected": entry.entry_id in corrected,
        }
        for entry in entries
        if entry.pupil_id == child.pupil_id
    ]


def _list_shared(shares: Sequence[Share], child: PupilRecord) -> list[Row]:
    """Return what was shared about the child.  was_sent is null if nobody knows."""
    return [
        {
            "shared_on": share.shared_on,
            "recipient": share.recipient,
            "kind": share.kind,
            "what": share.what,
            "purpose": share.purpose,
            "ground": share.ground,
            "was_sent": share.is_done or None,
            "receipt_on": share.receipt_on,
        }
        for share in shares
        if child.pupil_id in share.pupil_ids
    ]


def _fetch_rows(version: Store, table: str, child: PupilRecord) -> list[Row]:
    query = (
        "select facts.*, sources.file_name as from_file, sources.sender as from_sender,"
        " loads.loaded_at::date as loaded_on from {table} as facts"
        " inner join raw_pupil as children on facts.pupil_key = children.pupil_key"
        " left join raw_source as sources on facts.source_id = sources.source_id"
        " left join raw_load as loads on facts.load_id = loads.load_id"
        " where children.pupil_id = $pupil_id order by all"
    )
    rows = version.read(format_sql(query, table=table), {"pupil_id": child.pupil_id})
    return rows.drop(_INNER, strict=False).to_dicts()


def _build_part(name: str, rows: Sequence[Row]) -> Part:
    unknown = (name, Rights("not stated", name.removeprefix("raw_"), "", review="not described"))
    category, rights = PARTS.get(name, unknown)
    marked = ({**row, MARKED: _find_review_reason(rights, row)} for row in rows)
    return Part(name, category, rights, tuple(marked))


def _find_review_reason(rights: Rights, row: Row) -> str:
    column = rights.review_column
    concerns = not column or str(row.get(column)) in rights.review_values
    return rights.review if concerns else ""
