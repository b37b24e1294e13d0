"""The two files that a leaver's next school is owed: by when, sent when, and whether they came.

The protection file goes from lead to lead, apart from all else, and its receipt is awaited; the
Common Transfer File goes to the office.  The school's own systems make both.  By when is a rule of
`deadline.csv` each.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from safeguards.access.access import Session
from safeguards.errors import ShareError
from safeguards.journal.access_log import Event
from safeguards.keys.keys import Keys
from safeguards.vault.records import PupilRecord
from safeguards.vault.vault import Vault
from stewardship.packets.holdings import open_whole_store
from stewardship.packets.share import Sharing, open_sharing_log
from stewardship.registers import shares as register
from stewardship.registers.shares import Share, Shares

#: What the log, the register and the family are told; both files have one purpose.
PURPOSE = "The files of a leaver, to the next school"
#: Keeping children safe in education; Education (Pupil Information) (England) Regulations 2005.
GROUND = "legal obligation"
#: The two files, by their rules of deadline.csv.
FILES = {"CP_FILE_TRANSFER": register.PROTECTION, "PUPIL_RECORD_TRANSFER": "Common Transfer File"}

_SCHOOL = "other school"
_RULES = """
select pupils.pupil_id, owed.rule, owed.entry_date, owed.leaving_date, owed.due_date
from int_leaver_duty as owed
inner join stg_pupil as pupils on owed.pupil_key = pupils.pupil_key
order by owed.due_date nulls first, pupils.handle, owed.rule
"""


@dataclass(frozen=True)
class OwedFile:
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


def list_owed(session: Session, on: date) -> list[OwedFile]:
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
        what = FILES.get(rule)
        if what is None or leaving_date > on or pupil_id not in records:
            continue
        sent = _find_newest(went, what, pupil_id, entry_date)
        is_done = sent is not None and (what != register.PROTECTION or sent.receipt_on)
        if not is_done:
            found.append(OwedFile(records[pupil_id], leaving_date, what, due_on, sent))
    children = tuple(sorted({each.child.pupil_id for each in found}))
    log.append(
        Event(
            "leavers",
            session.actor,
            session.choose_role("child", "share"),
            None,
            children,
            session.purpose,
        )
    )
    return found


def record_sent(
    sharing: Sharing, handle: str, went_on: date, *, only: str | None = None
) -> list[Share]:
    """Record the day on which both files went to the next school, or only one of the two.

    That holds of a restricted child too, since nothing is shared here.  ShareError for a recipient
    that is no school, a file that is neither, or a child without a leaving date.
    """
    record = sharing.get_record(handle, may_be_restricted=True)
    if sharing.to.kind != _SCHOOL:
        sharing.refuse(
            "a leaver's file for no school",
            f"A leaver's files must go to a recipient of the kind {_SCHOOL}.",
        )
    chosen = [what for what in FILES.values() if only in (None, what)]
    if not chosen:
        raise ShareError(f"The files are: {', '.join(FILES.values())}.")
    rules = open_whole_store(sharing.session.home, sharing.keys).read(_RULES)
    if rules.filter(pupil_id=record.pupil_id).is_empty():
        raise ShareError("This child's leaving date is not known. Load a roll that has it.")
    return [sharing.record_sent(what, record.pupil_id, went_on) for what in chosen]


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
