"""Whether the version in use holds all that it would if it were made now.

What makes one anew is `intake.publish`, which reads files and knows every kind of data: a command
that only asks the store looks here first, and brings that in only where something is missing.
"""

from intake.switches import SWITCHED_OFF, build_switch_rows, load_switched_off
from queries.errors import StoreError
from queries.statement import format_sql
from queries.store import store, versions
from safeguards.access import access
from safeguards.home.home import Home
from safeguards.journal.ledger import has_unfinished_erasure
from safeguards.journal.typed_entries import EMPTY_HEAD, TypedEntries
from safeguards.keys.keys import Keys

#: Who sent the source of every typed row.
TYPED_SENDER = "typed"


def is_up_to_date(home: Home, keys: Keys) -> bool:
    """Whether it has this code's views, the school's switches and all that was typed.

    True before the first load, false while an erasure was cut off or where it does not open.
    """
    path = versions.find_current_version(home.store)
    if has_unfinished_erasure(home, keys):
        return False
    if path is None:
        return True
    try:
        version = access.open_store(path, keys.store)
    except StoreError:
        return False
    switches = version.read(format_sql("from {name} order by all", name=SWITCHED_OFF))
    return (
        switches.equals(build_switch_rows(load_switched_off(home, keys)))
        and read_log_head(version) == TypedEntries.open(home, keys).head
    )


def read_log_head(version: store.Store) -> str:
    """The head of the log of typed entries of which a version has everything."""
    found = version.read("select sha256 from raw_source where sender = $s", {"s": TYPED_SENDER})
    return str(found.item()) if found.height else EMPTY_HEAD
