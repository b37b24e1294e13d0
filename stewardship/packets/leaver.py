"""The two files that are owed to a leaver's next school: when due, when sent, and the receipt.

The protection file goes from lead to lead, apart from all else, and needs a receipt.  The Common
Transfer File goes to the office.  The school's own systems make both.  A rule of `deadline.csv`
gives the deadline of each.
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

#: The purpose in the log, in the register and for the family.  Both files have the same.
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
    """A file that is still to be sent or confirmed for a child who has left.

    what: the name of the file.  due_on: null if the calendar does not reach so far.  sent: the
    share that has no receipt yet, or null if nothing was sent.
    """

    child: PupilRecord
    leaving_date: date
    what: str
    due_on: date | None
    sent: Share | None

    def is_overdue(self, on: date) -> bool:
        """Say whether the due day is over.  It never is if it cannot be known."""
        return self.due_on is not None and self.due_on < on


def list_owed(session: Session, on: date) -> list[OwedFile]:
    """List the files owed on a day for the children who have left by then, the first due on top.

    The log keeps which children are listed.  Denied for a role that may not share.
    """
    keys = Keys.load(session.home)
    log = open_sharing_log(session, keys)
    records = {pupil.pupil_id: pupil for pupil in Vault.open(session.home, keys).pupils}
    went = Shares.open(session.home, keys).list_all()
    owed = []
    rules = open_whole_store(session.home, keys).read(_RULES)
    for pupil_id, rule, entry_date, leaving_date, due_on in rules.iter_rows():
        name = FILES.get(rule)
        if name is None or leaving_date > on or pupil_id not in records:
            continue
        sent = _find_newest(went, name, pupil_id, entry_date)
        is_done = sent is not None and (name != register.PROTECTION or sent.receipt_on)
        if not is_done:
            owed.append(OwedFile(records[pupil_id], leaving_date, name, due_on, sent))
    children = tuple(sorted({file.child.pupil_id for file in owed}))
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
    return owed


def record_sent(
    sharing: Sharing, handle: str, went_on: date, *, only: str | None = None
) -> list[Share]:
    """Record the day on which both files went to the next school, or only one of the two.

    A restricted child is allowed too, since nothing is shared here.  ShareError for a recipient
    that is not a school, a file that is neither, or a child without a leaving date.
    """
    record = sharing.get_record(handle, may_be_restricted=True)
    if sharing.to.kind != _SCHOOL:
        sharing.refuse(
            "a leaver's file for no school",
            f"A leaver's files must go to a recipient of the kind {_SCHOOL}.",
        )
    chosen = [name for name in FILES.values() if only in (None, name)]
    if not chosen:
        raise ShareError(f"The files are: {', '.join(FILES.values())}.")
    rules = open_whole_store(sharing.session.home, sharing.keys).read(_RULES)
    if rules.filter(pupil_id=record.pupil_id).is_empty():
        raise ShareError("This child's leaving date is not known. Load a roll that has it.")
    return [sharing.record_sent(name, record.pupil_id, went_on) for name in chosen]


def _find_newest(went: Iterable[Share], name: str, pupil_id: str, entry_date: date) -> Share | None:
    """Return the last share of a file in the child's newest stay, if any with a receipt."""
    of_child = [
        share
        for share in went
        if share.what == name
        and share.is_done
        and pupil_id in share.pupil_ids
        and share.shared_on >= entry_date
    ]
    newest = [share for share in of_child if share.receipt_on is not None] or of_child
    return newest[-1] if newest else None
