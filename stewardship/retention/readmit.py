"""The readmission of a child who was deleted in full under the retention schedule.

The safeguarding lead gives the UPN from the school's files, since nothing else of the child is
here.  From then on a load takes the child in under a new code.  Data dated before the first day of
the new stay is never loaded again from files, typed entries or backups.
"""

from datetime import date, datetime

from intake.check.upn import find_upn_fault
from intake.publish.lock import lock_store
from safeguards.access.access import Session
from safeguards.access.loads import open_lookup
from safeguards.errors import RightsError
from safeguards.handles import SYSTEM_RANDOM, generate_pupil_id
from safeguards.journal.ledger import RETENTION_REASON, Ledger, Readmission
from safeguards.keys.keys import Keys
from safeguards.vault.vault import Vault
from stewardship.retention.schedule import compute_year_end
from stewardship.rights import erase


def readmit(session: Session, keys: Keys, upn: str, since: date, *, now: datetime) -> Readmission:
    """Log a readmission, then let loads take the child in from the first day of the new stay.

    RightsError, and nothing is changed, unless the child was deleted only under the schedule, and
    `since` is later than the school year that ended before the deletion: a stay that is over
    ended by then.  Denied if the role may not do this.
    """
    if find_upn_fault(upn) is not None:
        raise RightsError("This is not a valid UPN. Look for a wrong letter or number.")
    home = session.home
    keys = open_lookup(home, keys, session.admitted)
    with lock_store(home):
        erase.finish_erasures(home, keys)
        vault, ledger = Vault.open(home, keys), Ledger.open(home, keys)
        hashes = vault.hashes
        if vault.find_by_upn(upn) is not None:
            raise RightsError("This child is already here. Nothing was changed.")
        known_by = {hashes.hash_upn(upn), hashes.hash_as_kind("former", upn)}
        erasures = [line for number in known_by for line in ledger.find_erasures(number)]
        if not erasures:
            raise RightsError("No child with this UPN was deleted. Nothing was changed.")
        if any(erasure.why != RETENTION_REASON for erasure in erasures):
            raise RightsError(
                "This child's data was erased because somebody asked for that. An erasure "
                "cannot be undone."
            )
        last = max(erasure.at for erasure in erasures).astimezone().date()
        if since <= (over := compute_year_end(last, -1)):
            raise RightsError(
                f"The child's record was deleted on {last}, so the new start must be after {over}. "
                "Nothing was changed."
            )
        used = {holder.pupil_id for holder in (*vault.pupils, *ledger.list_entries())}
        readmission = Readmission(
            now, generate_pupil_id(SYSTEM_RANDOM, used), hashes.hash_upn(upn), since
        )
        session.enter("rights", readmission.pupil_id, "readmit")
        ledger.append(readmission)
    return readmission
