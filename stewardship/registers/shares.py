"""The register of shares of children's data: with whom, when, why, and the receipt.

It is a sealed journal.  It answers a child or a family who asks where their data went, and
shows which receipts are still missing.
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

#: The things that are shared.
CHILD = "one child's record"
PROTECTION = "protection file"

#: The lawful basis of a share: the word of the command, and the article of the law.
GROUNDS = {
    "legal obligation": "UK GDPR article 6(1)(c)",
    "public task": "UK GDPR article 6(1)(e)",
    "vital interests": "UK GDPR article 6(1)(d)",
    "consent": "UK GDPR article 6(1)(a)",
}


class Share(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A share of one thing with one recipient.

    what: CHILD, or the name of a leaver's file.  pupil_ids: the children, without those erased
    since.  ground: one of GROUNDS.  sha256: the digest of the file.  It is null until the file is
    on the disk, so it stays null if the file could not be written, or went another way than by a
    file of lac.  receipt_on: the day on which the recipient confirmed receipt.
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
        """Whether the file is known to be written, or went another way.

        If lac was interrupted, a file may exist all the same.
        """
        return self.went_another_way or self.sha256 is not None


class Shares(SteppedRegister[Share]):
    """The shares of one home, as they were when the register was opened and as it changed them.

    A share and its recipient stay after the children have been erased.
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
        """Record that something is about to be shared.  It is on the disk when this returns.

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
        """Record that the file is on the disk, with the SHA-256 of its content."""
        return self._append_step(share_id, sha256=sha256)

    def require_awaiting_receipt(self, share_id: str, on: date, *, now: datetime) -> Share:
        """Return a share for which a receipt of a day can be recorded.

        ShareError for an unknown id, a share that never went, a receipt that exists already, or a
        day before the share or in the future.
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
        """Record the day of the receipt, which `require_awaiting_receipt` has checked."""
        return self._append_step(share_id, receipt_on=on)
