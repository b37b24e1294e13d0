"""A child deleted in full under the retention schedule and later readmitted: a new enrolment.

The safeguarding lead says so, by the number in the school's files, since nothing else of the
child is here.  From then on a load takes the child in under a new code; what is dated before
the first day of the new stay is never reloaded, from files, typed entries or backups.
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
    """Let loads take a child in again from the first day of its new stay; logged before.

    RightsError, and nothing is changed, unless the child was deleted under the schedule and
    at nobody's request, and `since` is later than the school year that ended before it did: no stay
    that is over goes on until then.  Denied if the role may not do this.
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
        erasures = [each for number in known_by for each in ledger.find_erasures(number)]
        if not erasures:
            raise RightsError("No child with this UPN was deleted. Nothing was changed.")
        if any(each.why != RETENTION_REASON for each in erasures):
            raise RightsError(
                "This child's data was erased because somebody asked for that. An erasure "
                "cannot be undone."
            )
        last = max(each.at for each in erasures).astimezone().date()
        if since <= (over := compute_year_end(last, -1)):
            raise RightsError(
                f"The child's record was deleted on {last}, so the new start must be after {over}. "
                "Nothing was changed."
            )
        used = {each.pupil_id for each in (*vault.pupils, *ledger.list_entries())}
        readmission = Readmission(
            now, generate_pupil_id(SYSTEM_RANDOM, used), hashes.hash_upn(upn), since
        )
        session.enter("rights", readmission.pupil_id, "readmit")
        ledger.append(readmission)
    return readmission
