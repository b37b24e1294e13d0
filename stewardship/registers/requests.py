"""The register of requests about a child's data: when they came, when they are due, the decision.

It is a sealed journal with a line for each step, so that no step is lost or changed later.
"""

import calendar
from datetime import date, datetime

import msgspec
from msgspec.structs import asdict

from safeguards.access.access import Session
from safeguards.errors import RightsError
from safeguards.handles import generate_id
from safeguards.home.home import Home
from safeguards.journal.access_log import is_pupil_id
from safeguards.journal.registers import SteppedRegister
from safeguards.journal.typed_entries import Entry, TypedEntries
from safeguards.keys.keys import Keys
from safeguards.vault.records import PupilRecord
from safeguards.vault.vault import Vault

KINDS = ("access", "rectify", "erase", "restrict", "object")
#: The person who asks, by role and never by name.
REQUESTERS = ("child", "parent", "carer", "authority", "other")
DECISIONS = ("granted", "granted in part", "refused", "withdrawn")

#: The kinds that may be refused.  The others are carried out, or "granted in part" with a reason.
_MAY_BE_REFUSED = ("erase", "object")
_MONTHS, _EXTENDED_BY = 1, 2


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A request in the state after its latest step.

    pupil_id: null once the child has been erased.  identity_checked: how the identity was checked,
    such as "knows the office", or null until it was.  decision, reason and done_on are null while
    the request is open.
    """

    request_id: str
    kind: str
    pupil_id: str | None
    received_on: date
    requester: str
    opened_by: str
    due_on: date
    identity_checked: str | None = None
    identity_checked_by: str | None = None
    extended_because: str | None = None
    decision: str | None = None
    reason: str | None = None
    done_on: date | None = None

    @property
    def is_open(self) -> bool:
        """Whether the request has no decision yet."""
        return self.decision is None


class Register(SteppedRegister[Request]):
    """The requests of one home, as they were when the register was opened and as it changed them.

    A request stays after its child has been erased: the school must be able to show what was asked,
    when, and how it ended.
    """

    FILE = "rights.sealed"
    ROW = Request
    KEY = "request_id"
    REFUSAL = RightsError
    MISSING = "There is no request with this id."
    CLOSED = "This request is already closed. Register a new request."
    FREE_TEXT = ("identity_checked", "extended_because", "reason")

    def get_open_request(self, kind: str, pupil_id: str) -> Request:
        """Return the open request of a kind about a child, whose sender's identity was checked.

        RightsError if there is none: a change that cannot be undone needs one.
        """
        for request in self.list_all():
            if request.is_open and (request.kind, request.pupil_id) == (kind, pupil_id):
                if request.identity_checked is None:
                    raise RightsError("Say on the Requests page how you checked who is asking.")
                return request
        raise RightsError(
            f"This child has no open request to {kind}. Register the request on the Requests page."
        )

    def add(
        self,
        kind: str,
        pupil_id: str,
        *,
        received_on: date,
        requester: str,
        actor: str,
        now: datetime,
        identity: str | None = None,
    ) -> Request:
        """Open a request about a child.  It is on the disk when this returns.

        RightsError for an unknown kind or requester, or a future day.
        """
        _require_one_of(kind, KINDS, "A request")
        _require_one_of(requester, REQUESTERS, "Who asks")
        if not is_pupil_id(pupil_id):
            raise ValueError("the register names children by their codes only")
        if received_on > now.astimezone().date():
            raise RightsError("A request cannot have been received on a date in the future.")
        request = Request(
            request_id=generate_id(),
            kind=kind,
            pupil_id=pupil_id,
            received_on=received_on,
            requester=requester,
            opened_by=actor,
            due_on=add_months(received_on, _MONTHS),
            identity_checked=identity,
            identity_checked_by=actor if identity else None,
        )
        self.append_steps(asdict(request))
        return request

    def record_identity_check(self, request_id: str, how: str, *, actor: str) -> Request:
        """Record how the identity of the person who asks was checked.  RightsError for no words."""
        if not how.strip():
            raise RightsError("Say how the person's identity was checked, such as: passport seen.")
        return self._append_step(request_id, identity_checked=how, identity_checked_by=actor)

    def extend(self, request_id: str, because: str, *, now: datetime) -> Request:
        """Postpone the due day by two months: only once, by the first due day, with a reason."""
        request = self.get(request_id)
        if request.extended_because is not None:
            raise RightsError(
                "This request has already been extended once, which is all that is allowed."
            )
        if now.astimezone().date() > request.due_on:
            raise RightsError(f"Too late to extend: this request was due on {request.due_on}.")
        if not because.strip():
            raise RightsError("Give the reason, which the person who asked must be told.")
        later = add_months(request.received_on, _MONTHS + _EXTENDED_BY)
        return self._append_step(request_id, extended_because=because, due_on=later)

    def close(self, request_id: str, decision: str, *, reason: str = "", now: datetime) -> Request:
        """Close with a decision.  RightsError if it is not allowed, or lacks reason or identity."""
        request = self.get(request_id)
        _require_one_of(decision, DECISIONS, "A decision")
        if decision == "refused" and request.kind not in _MAY_BE_REFUSED:
            raise RightsError(
                f"A request to {request.kind} cannot be refused as a whole. Grant the request, or "
                "grant part of it and give the reason."
            )
        if decision in ("refused", "granted in part") and not reason.strip():
            raise RightsError("Give the reason, which the person who asked must be told.")
        if decision.startswith("granted") and request.identity_checked is None:
            raise RightsError("Say on the Requests page how you checked who is asking.")
        return self._append_step(
            request_id, decision=decision, reason=reason, done_on=now.astimezone().date()
        )


def close_rectified(
    session: Session, register: Register, request: Request, entry_id: str, now: datetime
) -> Request:
    """Log the access, then close a request to rectify with the typed fact that corrects the data.

    The wrong value stays sealed.  RightsError if the entry is not such a fact.
    """
    if entry_id not in {entry.entry_id for entry in list_correcting_facts(session, request)}:
        raise RightsError("Close a request to rectify with a correction about the same child.")
    session.enter("rights", request.pupil_id, "rights")
    return register.close(request.request_id, "granted", reason=f"entry {entry_id}", now=now)


def list_correcting_facts(session: Session, request: Request) -> list[Entry]:
    """List the typed facts that may close a request to rectify, the newest first."""
    typed = TypedEntries.open(session.home, Keys.load(session.home)).list_current()
    wanted = ("fact", request.pupil_id if request.kind == "rectify" else None)
    return [entry for entry in reversed(typed) if (entry.kind, entry.pupil_id) == wanted]


def add_months(day: date, months: int) -> date:
    """Return the same day some months later, or the last of the month if it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    month += 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def get_pupil_record(home: Home, keys: Keys, handle: str) -> PupilRecord:
    """Return the vault's record of a child.  RightsError for an unknown handle."""
    record = Vault.open(home, keys).find_by_handle(handle)
    if record is None:
        raise RightsError("No child here has this code name. Copy one from the dashboard.")
    return record


def find_child_of(home: Home, keys: Keys, request: Request) -> PupilRecord | None:
    """Return the vault's record of the child of a request, or None once the child is erased."""
    children = Vault.open(home, keys).pupils
    return next((child for child in children if child.pupil_id == request.pupil_id), None)


def _require_one_of(word: str, words: tuple[str, ...], subject: str) -> None:
    if word not in words:
        raise RightsError(f"{subject} must be one of these: {', '.join(words)}.")
