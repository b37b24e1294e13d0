"""Everything that a home holds about one child, as rows with their sources.

The tables are found in the store itself, so that one which is added later is not
forgotten: every raw_ table that knows a child by `pupil_key`.
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
#: What no family is given: numbers of a version, and who typed it, who appears as a role.
_INNER = ("school_key", "pupil_key", "source_id", "load_id", "actor", "sealed_line")

#: The part that says whom lac wrote files for.
SHARED = "shared"
#: The column that says why a person must look at a row.
MARKED = "review"

#: What is written down of what was done, which has no table of its own.
_JOURNALS = map(
    build_category, ("what people typed", "requests", "whom it was shared with", "who looked")
)
#: What each part is of, and what the family is told of it.
PARTS = {
    each.part_name: (each.name, each.rights) for each in (*CATEGORIES, *_JOURNALS) if each.rights
}

WHY_REVIEW = {
    "third party": "This is by or about somebody else.",
    "serious harm": "Reading this could do somebody serious harm.",
    "not described": "Nobody has described this table yet.",
}


@dataclass(frozen=True)
class Part:
    """The rows of one kind; each row says in `review` why a person must look at it, or ""."""

    name: str
    category: str
    rights: Rights
    rows: tuple[Row, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Of the rows, in their order."""
        return tuple(dict.fromkeys(name for row in self.rows for name in row))

    def drop_marks(self) -> "Part":
        """The same, as whoever is to have it gets it."""
        rows = tuple({name: row[name] for name in row if name != MARKED} for row in self.rows)
        return replace(self, rows=rows)


def open_whole_store(home: Home, keys: Keys) -> Store:
    """The version in use with every child: what is held and owed does not end with an objection.

    `access.NothingLoaded` before the first load; other errors as their names say.
    """
    path = versions.find_current_version(home.store)
    if path is None:
        raise access.NothingLoaded("Nothing has been loaded into the school's folder yet.")
    return access.open_store(path, keys.store)


def fetch_tables_with_children(version: Store) -> tuple[str, ...]:
    """Every raw_ table of a version that has a row a child, from its schema."""
    return tuple(version.read(_TABLES)["table_name"])


def gather_parts(
    home: Home, keys: Keys, child: PupilRecord, identity: Identity | None = None
) -> list[Part]:
    """All that this home holds about a child, as `build_parts` has it."""
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
    """All that is held about a child; parts without rows are left out.

    entries, requests, shares and looks (records of the access log) may be of anybody: those
    of others are passed over.  identity: None where nobody has opened it, and then there are
    no contacts either.  People who work
    here appear as roles.
    """
    found = {
        table: _fetch_rows(version, table, child) for table in fetch_tables_with_children(version)
    }
    found["written"] = _list_written(entries, child)
    found["requests"] = [
        {
            name: value
            for name, value in asdict(request).items()
            if name not in ("pupil_id", "opened_by", "identity_checked_by")
        }
        for request in requests
        if request.pupil_id == child.pupil_id
    ]
    found[SHARED] = _list_shared(shares, child)
    found["looked"] = [
        {"day": str(look["at"])[:10], "role": look["role"], "what": look["event"]}
        | {"page": look.get("page")}
        for look in log_records
        if child.pupil_id in look.get("pupil_ids", ())
    ]
    found["identity"] = [dict(identity)] if identity else []
    found["contacts"] = [dict(person) for person in contacts]
    return [_build_part(name, rows) for name, rows in found.items() if rows]


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
    """Return what was shared about the child; was_sent is null if it was begun and nobody knows."""
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
