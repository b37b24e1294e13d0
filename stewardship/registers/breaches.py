"""Personal data breaches: what happened, whom it touched, who was told, and by when.

It is a sealed journal with a line for each step.  The Information Commissioner is told within
72 hours of when the school became aware, unless a risk is unlikely (UK GDPR article 33); those
whom it touched without undue delay, where the risk is high (article 34).  Every breach is
written down, told or not (article 33(5)).
"""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from queries.read import get_default_threshold
from safeguards.errors import RightsError
from safeguards.journal.access_log import is_pupil_id
from safeguards.journal.registers import SteppedRegister
from safeguards.journal.typed_entries import generate_entry_id

KINDS = (
    "sent to the wrong person",
    "seen by the wrong person",
    "lost or stolen",
    "changed by mistake",
    "lost for good",
    "other",
)
#: How likely harm is: with the least of them nobody outside need be told.
RISKS = ("unlikely", "likely", "high")


@dataclass(frozen=True)
class Breach:
    """One breach, as its steps have left it.

    found_at: when the school became aware, in UTC, to the minute.  pupil_ids: whom it
    touched, less those erased since.  risk: null until somebody judged it.  told_ico_on,
    told_families_on: null until they were told.  reason: why nobody need be told, or why it
    was late; null where there is none.  done_on is null while it is open.
    """

    breach_id: str
    kind: str
    found_at: str
    found_by: str
    pupil_ids: tuple[str, ...]
    risk: str | None = None
    told_ico_on: date | None = None
    told_families_on: date | None = None
    reason: str | None = None
    done_on: date | None = None

    @property
    def is_open(self) -> bool:
        """Whether something is left to do."""
        return self.done_on is None

    @property
    def due_at(self) -> datetime:
        """By when the Information Commissioner is told, if anybody has to be."""
        hours = get_default_threshold("breach_hours")
        return datetime.fromisoformat(self.found_at) + timedelta(hours=hours)

    def describe_state(self, now: datetime) -> str:
        """What is next: judge the risk, tell the Commissioner, tell the families, or close."""
        if not self.is_open:
            return f"closed on {self.done_on}"
        if self.told_ico_on is None and self.risk != "unlikely":
            late = "overdue since" if now > self.due_at else "by"
            what = "tell the Commissioner" if self.risk else "judge the risk, then tell or not"
            return f"{what}, {late} {self.due_at.astimezone():%d/%m/%Y %H:%M}"
        if self.risk == "high" and self.told_families_on is None:
            return "tell those whom it touched, without delay"
        return "close it"


class Breaches(SteppedRegister[Breach]):
    """The breaches of one home, as they were when it was opened and with what it added.

    The order is that in which they were written down; an erased child is taken out of what
    happened, and that it did stays.
    """

    FILE = "breaches.sealed"
    ROW = Breach
    KEY = "breach_id"
    ERROR = RightsError
    MISSING = "There is no breach of that id. See: lac breach list"
    CLOSED = "This breach is closed already."

    def add(
        self,
        kind: str,
        *,
        found_at: datetime,
        pupil_ids: Collection[str],
        actor: str,
        now: datetime,
    ) -> Breach:
        """Write a breach down; it is on the disk when this returns.

        found_at knows its zone.  RightsError for a kind that no list knows, or a moment to come.
        """
        if kind not in KINDS:
            raise RightsError(f"A breach is one of these: {', '.join(KINDS)}.")
        if not all(is_pupil_id(pupil_id) for pupil_id in pupil_ids):
            raise ValueError("the register names children by their codes only")
        if found_at > now:
            raise RightsError("A breach cannot have been found out at a moment to come.")
        breach = Breach(
            breach_id=generate_entry_id(),
            kind=kind,
            found_at=found_at.astimezone(UTC).isoformat(timespec="minutes"),
            found_by=actor,
            pupil_ids=tuple(sorted(set(pupil_ids))),
        )
        with self.open_for_steps(now) as write:
            write(**asdict(breach))
        return breach

    def judge(self, breach_id: str, risk: str, *, reason: str = "", now: datetime) -> Breach:
        """Say how likely harm is; where it is unlikely, why."""
        if risk not in RISKS:
            raise RightsError(f"The risk is one of these: {', '.join(RISKS)}.")
        if risk == "unlikely" and not reason.strip():
            raise RightsError("Say why no harm is likely: the Commissioner may ask.")
        return self._append_step(breach_id, now, risk=risk, reason=reason.strip() or None)

    def record_told(
        self,
        breach_id: str,
        *,
        now: datetime,
        commissioner: date | None = None,
        families: date | None = None,
        reason: str = "",
    ) -> Breach:
        """Say who was told on which day; of the Commissioner after the time, also why so late."""
        breach = self.get(breach_id)
        found_on = datetime.fromisoformat(breach.found_at).astimezone().date()
        for day in filter(None, (commissioner, families)):
            if not found_on <= day <= now.astimezone().date():
                raise RightsError(f"Somebody was told on a day from {found_on} to today.")
        is_late = commissioner is not None and commissioner > breach.due_at.astimezone().date()
        if is_late and not reason.strip():
            raise RightsError("It was told late: say why, as the Commissioner asks too.")
        told: dict[str, Any] = {"told_ico_on": commissioner, "told_families_on": families}
        told["reason"] = reason.strip() or None
        return self._append_step(
            breach_id, now, **{name: value for name, value in told.items() if value}
        )

    def close(self, breach_id: str, *, now: datetime) -> Breach:
        """Say that all is done; RightsError while somebody has yet to be told or to judge."""
        state = self.get(breach_id).describe_state(now)
        if state != "close it":
            raise RightsError(f"Something is left to do: {state}.")
        return self._append_step(breach_id, now, done_on=now.astimezone().date())
