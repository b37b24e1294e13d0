"""Say whether the version in use contains all that it would if it were made now.

`intake.publish` makes a version, and for that reads files and knows every kind of data.  A command
that only asks the store looks here first, and imports that only if something is missing.
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

#: The sender of the source of every typed row.
TYPED_SENDER = "typed"


def is_up_to_date(home: Home, keys: Keys) -> bool:
    """Say whether it has this code's views, the school's switches and all typed entries.

    True before the first load; false if an erasure was cut off, or if the version does not open.
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
    """Return the head of the log of typed entries up to which a version has all of them."""
    sources = version.read("select sha256 from raw_source where sender = $s", {"s": TYPED_SENDER})
    return str(sources.item()) if sources.height else EMPTY_HEAD
