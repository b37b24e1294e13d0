"""Name cards: the names of children, for the people who work with them and for nobody else.

A card is sealed to a key of its own.  The key ring has that key for each person whose role works
with the children by name.
"""

from collections.abc import Callable

from safeguards.access import recall
from safeguards.access.access import Denied, Session
from safeguards.access.roles import build_refusal, has_name_cards
from safeguards.errors import PassphraseError
from safeguards.journal.access_log import AccessLog, Event
from safeguards.keys.key_ring import KeyRing
from safeguards.keys.keys import Keys
from safeguards.vault.vault import Vault

#: The log's event for showing the names.
NAMES_EVENT = "names"
_PAGE, _ACTION = "children", NAMES_EVENT


def build_name_check(session: Session) -> Callable[[str], bool]:
    """Return a function that says whether a folded word is part of a name on the roll.

    It is for every role, opens no identity and tells nothing about a child, so nothing is logged.
    """
    home = session.home

    def ask() -> Callable[[str], bool]:
        return Vault.open(home, Keys.load(home)).build_name_check()

    return recall.ask_once(home, "names on the roll", ask)


def open_name_cards(session: Session) -> dict[str, str]:
    """Return the name of each child of the session, by pupil_id, once the line is on the disk.

    The names are for this session's memory, and to be forgotten soon.  It is Denied for a role that
    does not work with children by name.  PassphraseError means that the person has no key here.
    """
    home = session.home
    keys = Keys.load(home)
    log = AccessLog(home, keys)
    role = session.choose_role(_PAGE, _ACTION)
    if not has_name_cards(session.role):
        log.append(Event("deny", session.actor, role, _PAGE, purpose=_ACTION))
        raise Denied(build_refusal(session.role, "see names"))
    vault = Vault.open(home, keys)
    if home.is_demo:
        secret_key = keys.load_demo_key()
    elif session.admitted is None or session.admitted.key is None:
        raise PassphraseError("Type your passphrase to see names.")
    else:
        ring = KeyRing(home, keys)
        secret_key = ring.open_key("names", vault.card_key, session.actor, session.admitted.key)
    session_pupils = set(session.read("select pupil_id from cohort_member")["pupil_id"])
    log.append(Event(NAMES_EVENT, session.actor, role, _PAGE))
    names = {}
    for record in vault.pupils:
        if record.pupil_id in session_pupils:
            card = vault.open_card(record.pupil_id, secret_key)
            names[record.pupil_id] = ", ".join(part for part in card.values() if part)
    return names
