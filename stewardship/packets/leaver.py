"""The pack of a child who has left: the protection file and the Common Transfer data.

The first goes from lead to lead, apart from all else, and its receipt is awaited; the other
goes to the office of the new school.  By when is a rule of `deadline.csv` each.  Both hold
what lac-monitor has, which is no more than a part of the school's own files.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from queries.contract import CATEGORIES
from queries.contract.model.category import Pack, Rights
from safeguards.access.access import Session
from safeguards.access.identify import Identity
from safeguards.errors import ShareError
from safeguards.journal.access_log import Event
from safeguards.keys.keys import Keys
from safeguards.vault.records import PupilRecord
from safeguards.vault.vault import Vault
from stewardship.packets.holdings import Part, Row, open_whole_store
from stewardship.packets.share import PacketFile, Sharing, open_sharing_log
from stewardship.registers import shares as register
from stewardship.registers.shares import Share, Shares

#: What the log, the register and the family are told; a pack has one purpose.
PURPOSE = "The pack of a leaver, to the next school"
#: Keeping children safe in education; Education (Pupil Information) (England) Regulations 2005.
GROUND = "legal obligation"

_SCHOOL = "other school"
_SOURCE = "DfE's Common Transfer File: the part that lac-monitor has"
_RULES = """
select pupils.pupil_id, owed.rule, owed.entry_date, owed.leaving_date, owed.due_date
from int_leaver_duty as owed
inner join stg_pupil as pupils on owed.pupil_key = pupils.pupil_key
order by owed.due_date nulls first, pupils.handle, owed.rule
"""
_ATTENDANCE = """
select
    academic_year, possible_sessions, attended_sessions, authorised_absent_sessions,
    unauthorised_absent_sessions
from pupil_attendance where pupil_id = $pupil_id order by academic_year
"""
_CARE = "select is_looked_after, authority from cohort_member where pupil_id = $pupil_id"
#: What the office of the next school is told of who it is.
_WHO = ("upn", "surname", "forename", "preferred_forename", "date_of_birth")


@dataclass(frozen=True)
class PackPart:
    """One of the two files.  rule: of deadline.csv.  made: what of it no category is."""

    what: Pack
    rule: str
    file: str
    made: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[str, ...]:
        """What of the record is in it."""
        return (*self.made, *(each.part_name for each in CATEGORIES if self.what in each.pack))


#: KCSIE as quoted by pages of Devon, Bristol and Ealing; DfE's Common Transfer File as far as lac
#: holds it.
PACK_PARTS = (
    PackPart("protection file", "CP_FILE_TRANSFER", "protection-file.zip"),
    PackPart(
        *("Common Transfer data", "PUPIL_RECORD_TRANSFER", "transfer-data.zip"),
        made=("pupil", "looked_after", "attendance"),
    ),
)


@dataclass(frozen=True)
class OwedPackPart:
    """What is still to be done for a child who has left.

    due_on: null where the calendar does not reach so far.  sent: what went and has no
    receipt yet; null if nothing went.
    """

    child: PupilRecord
    leaving_date: date
    what: str
    due_on: date | None
    sent: Share | None

    def is_overdue(self, on: date) -> bool:
        """Whether the last day in time is over; never where it cannot be known."""
        return self.due_on is not None and self.due_on < on


def list_owed(session: Session, on: date) -> list[OwedPackPart]:
    """What is owed on a day to the children who have left by then, the first due on top.

    A line in the log says who is shown.  Denied for a role that may not share.
    """
    keys = Keys.load(session.home)
    log = open_sharing_log(session, keys)
    records = {each.pupil_id: each for each in Vault.open(session.home, keys).pupils}
    went = Shares.open(session.home, keys).list_all()
    found = []
    rules = open_whole_store(session.home, keys).read(_RULES)
    for pupil_id, rule, entry_date, leaving_date, due_on in rules.iter_rows():
        part = next((each for each in PACK_PARTS if each.rule == rule), None)
        if part is None or leaving_date > on or pupil_id not in records:
            continue
        sent = _find_newest(went, part.what, pupil_id, entry_date)
        is_done = sent is not None and (part.what != register.PROTECTION or sent.receipt_on)
        if not is_done:
            found.append(OwedPackPart(records[pupil_id], leaving_date, part.what, due_on, sent))
    children = tuple(sorted({each.child.pupil_id for each in found}))
    log.append(Event("leavers", session.actor, session.role, None, children, session.purpose))
    return found


def share_pack(
    sharing: Sharing,
    handle: str,
    folder: Path,
    *,
    passphrase: Callable[[], str],
    only: str | None = None,
) -> list[tuple[Path, Share]]:
    """Write the pack of a child who leaves to new files in `folder`, which may be new too.

    only: one of the two, by its `what`.  Errors as of `share_child`; ShareError for a
    recipient that is no school, or a child of whom no leaving date is known.
    """
    record = sharing.get_record(handle)
    chosen, left_on = _check_request(sharing, record, only)
    files = [
        PacketFile(folder / part.file, part.what, part.what.capitalize(), part.parts)
        for part in chosen
    ]
    written = sharing.write_packets(
        record,
        files,
        passphrase=passphrase,
        build_more=lambda identity: _build_transfer_parts(sharing, record, identity, left_on),
        folder=folder,
    )
    return [(file.path, share) for file, share in zip(files, written, strict=True)]


def record_pack_sent(
    sharing: Sharing, handle: str, went_on: date, *, only: str | None = None
) -> list[Share]:
    """Say that the pack, or one of its two files, went another way on a day.

    That holds of a restricted child too: nothing is shared here.  Errors as of `share_pack`.
    """
    record = sharing.get_record(handle, may_be_restricted=True)
    chosen, _ = _check_request(sharing, record, only)
    return [sharing.record_sent(part.what, record.pupil_id, went_on) for part in chosen]


def _check_request(
    sharing: Sharing, record: PupilRecord, only: str | None
) -> tuple[list[PackPart], date]:
    """What of the pack is asked for, and the child's last day on the roll."""
    if sharing.to.kind != _SCHOOL:
        sharing.refuse(
            "a pack for no school", f"A leaver's pack must go to a recipient of the kind {_SCHOOL}."
        )
    chosen = [part for part in PACK_PARTS if only in (None, part.what)]
    if not chosen:
        raise ShareError(f"A pack can contain: {', '.join(part.what for part in PACK_PARTS)}.")
    rules = open_whole_store(sharing.session.home, sharing.keys).read(_RULES)
    days = rules.filter(pupil_id=record.pupil_id)["leaving_date"].to_list()
    if not days:
        raise ShareError(
            "This child's leaving date is not known. Load a roll that has it, or share the "
            "record: lac share child"
        )
    return chosen, days[0]


def _find_newest(went: Iterable[Share], what: str, pupil_id: str, entry_date: date) -> Share | None:
    """What went last in the child's newest stay; one with a receipt before one without."""
    of_child = [
        share
        for share in went
        if share.what == what
        and share.is_done
        and pupil_id in share.pupil_ids
        and share.shared_on >= entry_date
    ]
    newest = [share for share in of_child if share.receipt_on is not None] or of_child
    return newest[-1] if newest else None


def _build_transfer_parts(
    sharing: Sharing, record: PupilRecord, identity: Identity, left_on: date
) -> list[Part]:
    """What a Common Transfer File would say, as far as it is held here, as on the last day."""
    whole = open_whole_store(sharing.session.home, sharing.keys)
    day = min(left_on, sharing.session.data_until)
    of_child = {"pupil_id": record.pupil_id}
    care = whole.read(_CARE, of_child, as_at=day).to_dicts()
    who = {name: identity.values.get(name) for name in _WHO}
    in_care = care[0] if care else {"is_looked_after": False, "authority": None}
    rows: dict[str, Sequence[Row]] = {
        "pupil": [who],
        "looked_after": [in_care],
        "attendance": whole.read(_ATTENDANCE, of_child, as_at=day).to_dicts(),
    }
    rights = Rights("required", "", _SOURCE)
    return [Part(name, name.replace("_", " "), rights, tuple(each)) for name, each in rows.items()]
