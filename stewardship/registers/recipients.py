"""With whom the school shares data about a child: a closed list, which the school edits.

The kinds of recipient are those of the privacy notice, which queries.contract.model.category names.
Governors, inspectors and parents are none: they get figures that the disclosure gate let
through, and a family what it asks for with a request.
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
    """The list that a home begins with: nobody."""
    return ",".join(_HEADER) + "\n"


def load_recipients(home: Home, keys: Keys) -> tuple[Recipient, ...]:
    """The recipients of a home, nobody where it has no list; in the order of the file.

    ShareError for a list with a fault, which says the row, the column and what to do: a
    list that may mean something else lets nothing out.  ProofError for one that somebody
    edited and nobody confirmed.
    """
    found: list[Recipient] = []
    for number, (name, kind) in (
        read_list(keys.heads, home.folder / FILE, _HEADER, ShareError) or ()
    ):
        if (fault := _find_fault(name, kind, found)) is not None:
            raise ShareError(f'{FILE}, row {number}, column "{fault[0]}": {fault[1]}')
        found.append(Recipient(name, kind))
    return tuple(found)


def find_recipient(home: Home, keys: Keys, name: str) -> Recipient | None:
    """The recipient of this very name, letter for letter; None if it is not on the list."""
    return next((each for each in load_recipients(home, keys) if each.name == name), None)


def add(home: Home, keys: Keys, name: str, kind: str, *, actor: str, role: str) -> None:
    """Put a recipient on the list, once the line that says so is in the log.

    Denied for any role but the lead's, which is logged.  ShareError for a kind that is
    none, or a name that is none or there already.
    """
    _refuse_others(home, keys, actor, role)
    current = load_recipients(home, keys)
    fault = _find_fault(name, kind, current)
    if fault is not None:
        raise ShareError(f"{fault[1][0].upper()}{fault[1][1:]} Nothing was changed.")
    AccessLog(home, keys).append(Event("recipient_added", actor, role, purpose=name))
    _save(home, keys, [*current, Recipient(name, kind)])


def remove(home: Home, keys: Keys, name: str, *, actor: str, role: str) -> None:
    """Take a recipient off the list, once the log says so.

    Denied as in `add`; ShareError if it is not on the list.
    """
    _refuse_others(home, keys, actor, role)
    current = load_recipients(home, keys)
    left = [each for each in current if each.name != name]
    if len(left) == len(current):
        raise ShareError("This name is not on the list. See: lac share recipients")
    AccessLog(home, keys).append(Event("recipient_removed", actor, role, purpose=name))
    _save(home, keys, left)


def _refuse_others(home: Home, keys: Keys, actor: str, role: str) -> None:
    if not is_lead(role):
        AccessLog(home, keys).append(Event("deny", actor, role, purpose="recipients"))
        raise Denied(f"The role {role} cannot change recipients. Ask the safeguarding lead.")


def _save(home: Home, keys: Keys, recipients: Iterable[Recipient]) -> None:
    text = serialise_csv(_HEADER, ((each.name, each.kind) for each in recipients))
    keys.heads.write(home.folder / FILE, text.encode("utf-8"))


def _find_fault(name: str, kind: str, before: Iterable[Recipient]) -> tuple[str, str] | None:
    """What is wrong with a row: its column, and what to do; None if nothing is."""
    if not is_name(name) or escape_formula(name) != name:
        return "name", _NOT_A_NAME
    if _fold(name) in {_fold(each.name) for each in before}:
        return "name", _TWICE
    if kind not in RECIPIENT_KINDS:
        return (
            "kind",
            f"this kind is not in the privacy notice. Write one of: {', '.join(RECIPIENT_KINDS)}.",
        )
    return None


def _fold(name: str) -> str:
    """What two names that people take for one have in common."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
