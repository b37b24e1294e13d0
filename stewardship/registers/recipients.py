"""The closed list of recipients of data about a child, which the school edits.

The kinds of recipient are those of the privacy notice, which queries.contract.model.category names.
Governors, inspectors and parents are not recipients: they get figures that the disclosure gate lets
through, and a family gets what it asks for in a request.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from queries.contract.model.category import RECIPIENT_KINDS
from safeguards.access.access import Denied
from safeguards.access.roles import is_lead
from safeguards.access.settings import is_name
from safeguards.cells import escape_formula, serialise_csv
from safeguards.errors import ShareError
from safeguards.home.home import Home
from safeguards.journal.access_log import AccessLog, Event
from safeguards.keys.keys import Keys
from safeguards.keys.lists import read_list

FILE = "recipients.csv"

_HEADER = ("name", "kind")
_NOT_A_NAME = (
    "this is not a name. Write 1 to 80 characters, without a blank at either end, and begin "
    "with a letter or a digit."
)
_TWICE = "this name is already on the list. Remove one of the two."


@dataclass(frozen=True)
class Recipient:
    """A body or an office by the school's own name for it, and its kind."""

    name: str
    kind: str


def get_template() -> str:
    """Return the first list of a home, which is empty."""
    return ",".join(_HEADER) + "\n"


def load_recipients(home: Home, keys: Keys) -> tuple[Recipient, ...]:
    """Return the recipients of a home in the order of the file, or none if it has no list.

    ShareError for a list with a fault, with the row, the column and what to do: nothing is shared
    by a list that may mean something else.  ProofError for a list that somebody edited and nobody
    confirmed.
    """
    recipients: list[Recipient] = []
    for number, (name, kind) in (
        read_list(keys.heads, home.folder / FILE, _HEADER, ShareError) or ()
    ):
        if (fault := _find_fault(name, kind, recipients)) is not None:
            raise ShareError(f'{FILE}, row {number}, column "{fault[0]}": {fault[1]}')
        recipients.append(Recipient(name, kind))
    return tuple(recipients)


def find_recipient(home: Home, keys: Keys, name: str) -> Recipient | None:
    """Return the recipient of exactly this name, or None if it is not on the list."""
    return next((entry for entry in load_recipients(home, keys) if entry.name == name), None)


def add(home: Home, keys: Keys, name: str, kind: str, *, actor: str, role: str) -> None:
    """Log the change, then put a recipient on the list.

    Denied for any role but the lead's, which is logged.  ShareError for an unknown kind, or a name
    that is not valid or is on the list already.
    """
    _refuse_others(home, keys, actor, role)
    current = load_recipients(home, keys)
    fault = _find_fault(name, kind, current)
    if fault is not None:
        raise ShareError(f"{fault[1][0].upper()}{fault[1][1:]} Nothing was changed.")
    AccessLog(home, keys).append(Event("recipient_added", actor, role, purpose=name))
    _save(home, keys, [*current, Recipient(name, kind)])


def remove(home: Home, keys: Keys, name: str, *, actor: str, role: str) -> None:
    """Log the change, then take a recipient off the list.

    Denied as in `add`.  ShareError if the name is not on the list.
    """
    _refuse_others(home, keys, actor, role)
    current = load_recipients(home, keys)
    left = [recipient for recipient in current if recipient.name != name]
    if len(left) == len(current):
        raise ShareError("This name is not on the list. See: lac share recipients")
    AccessLog(home, keys).append(Event("recipient_removed", actor, role, purpose=name))
    _save(home, keys, left)


def _refuse_others(home: Home, keys: Keys, actor: str, role: str) -> None:
    if not is_lead(role):
        AccessLog(home, keys).append(Event("deny", actor, role, purpose="recipients"))
        raise Denied(f"The role {role} cannot change recipients. Ask the safeguarding lead.")


def _save(home: Home, keys: Keys, recipients: Iterable[Recipient]) -> None:
    text = serialise_csv(_HEADER, ((entry.name, entry.kind) for entry in recipients))
    keys.heads.write(home.folder / FILE, text.encode("utf-8"))


def _find_fault(name: str, kind: str, before: Iterable[Recipient]) -> tuple[str, str] | None:
    """Return the column of a row's fault and what to do, or None if the row has no fault."""
    if not is_name(name) or escape_formula(name) != name:
        return "name", _NOT_A_NAME
    if _fold(name) in {_fold(recipient.name) for recipient in before}:
        return "name", _TWICE
    if kind not in RECIPIENT_KINDS:
        return (
            "kind",
            f"this kind is not in the privacy notice. Write one of: {', '.join(RECIPIENT_KINDS)}.",
        )
    return None


def _fold(name: str) -> str:
    """Return the form that two names share if people take them for the same."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
