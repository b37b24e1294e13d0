"""The register of what was shared about children: with whom, when, why, and what came back.

It is a sealed journal.  It says who a child's data went to when the
child or the family asks, and which receipts are awaited.
"""

from collections.abc import Collection
from datetime import date, datetime

import msgspec
from msgspec.structs import asdict

from safeguards.errors import ShareError
from safeguards.handles import generate_id
from safeguards.journal.access_log import is_pupil_id
from safeguards.journal.registers import SteppedRegister
from stewardship.registers.recipients import Recipient

#: What one share is of.
CHILD = "one child's record"
PROTECTION = "protection file"

#: By which law something may be shared: a word of the command, and where it stands.
GROUNDS = {
    "legal obligation": "UK GDPR article 6(1)(c)",
    "public task": "UK GDPR article 6(1)(e)",
    "vital interests": "UK GDPR article 6(1)(d)",
    "consent": "UK GDPR article 6(1)(a)",
}


class Share(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that was shared with one recipient.

    what: one child's record, or another of this module's words.  pupil_ids: the children,
    less those erased since.  ground: of GROUNDS.  sha256: of the file; null until it is on
    the disk, so null for good where it could not be written, or where it went another way than by
    a file of lac.
    receipt_on: the day on which the recipient said that it came.
    """

    share_id: str
    what: str
    recipient: str
    kind: str
    purpose: str
    shared_on: date
    shared_by: str
    pupil_ids: tuple[str, ...]
    ground: str
    went_another_way: bool = False
    sha256: str | None = None
    receipt_on: date | None = None

    @property
    def is_done(self) -> bool:
        """Whether it is known that the file was written, or that it went another way.

        Where lac was cut off, a file may be there all the same.
        """
        return self.went_another_way or self.sha256 is not None


class Shares(SteppedRegister[Share]):
    """What was shared from one home, as it was when it was opened and with what it added.

    That something was shared, and with whom, stays once its children have been erased.
    """

    FILE = "shares.sealed"
    ROW = Share
    KEY = "share_id"
    REFUSAL = ShareError
    MISSING = "Nothing was shared with this id. See: lac share list"
    FREE_TEXT = ("purpose",)

    def begin(
        self,
        what: str,
        to: Recipient,
        purpose: str,
        pupil_ids: Collection[str],
        *,
        actor: str,
        now: datetime,
        ground: str,
        went_on: date | None = None,
    ) -> Share:
        """Say that something is about to be shared; it is on the disk when this returns.

        went_on: the day on which it went another way, if it did.
        """
        if not pupil_ids or not all(is_pupil_id(pupil_id) for pupil_id in pupil_ids):
            raise ValueError("the register names children by their codes only")
        share = Share(
            share_id=generate_id(),
            what=what,
            recipient=to.name,
            kind=to.kind,
            purpose=purpose,
            shared_on=went_on or now.astimezone().date(),
            shared_by=actor,
            pupil_ids=tuple(sorted(pupil_ids)),
            went_another_way=went_on is not None,
            ground=ground,
        )
        self.append_steps(asdict(share))
        return share

    def finish(self, share_id: str, sha256: str) -> Share:
        """Say that the file is on the disk, and what is in it by its SHA-256."""
        return self._append_step(share_id, sha256=sha256)

    def require_awaiting_receipt(self, share_id: str, on: date, *, now: datetime) -> Share:
        """The share of which a receipt of a day can be told.

        ShareError for an id of nothing, what never went, a receipt that is there already, or
        a day before it went or to come.
        """
        share = self.get(share_id)
        if not share.is_done:
            raise ShareError("No record says that this file was written. Share the data again.")
        if share.receipt_on is not None:
            raise ShareError(f"There is already a receipt, dated {share.receipt_on}.")
        if not share.shared_on <= on <= now.astimezone().date():
            raise ShareError(f"A receipt must be dated between {share.shared_on} and today.")
        return share

    def record_receipt(self, share_id: str, on: date) -> Share:
        """Record the day on which it came, which `require_awaiting_receipt` has checked."""
        return self._append_step(share_id, receipt_on=on)
