"""What is safe about a home and what is not, in words for people; nothing is written.

Each check looks at one thing, and gives its state and words; what a broken safeguard raises is
to do.  A check that needs keys which cannot be used is for the caller to leave out.  No finding
holds a name, a number or a handle.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal

from queries.errors import StoreError
from safeguards.access import admission, loads
from safeguards.access.people import FILE, People
from safeguards.errors import HomeError, KeysError, LedgerError, ProofError, SafeguardsError
from safeguards.files import is_reached_by_others, quote
from safeguards.home import location
from safeguards.home.home import Home
from safeguards.home.location import refuse_shared
from safeguards.journal import audit
from safeguards.journal.ledger import Erasure, Ledger
from safeguards.keys.keys import (
    Keys,
    get_keys_folder,
    list_headed_files,
    load_demo_private_key,
    open_identity_wraps,
)
from stewardship.backup.backups import read_newest
from stewardship.registers.requests import Register

State = Literal["good", "to do", "cannot tell"]
#: What a thing is like, and in words what it is like and what to do.
Said = tuple[State, str]

BACKUP_EVERY = timedelta(days=7)

_FEWEST_HOLDERS = 2


@dataclass(frozen=True)
class Finding:
    """subject: what was looked at, in a word or two.  words: what it is like, what to do."""

    subject: str
    state: State
    words: str


def check(subject: str, look: Callable[..., Said], *given: object) -> Finding:
    """What a check says of a subject, or what it raises, which is to do."""
    try:
        return Finding(subject, *look(*given))
    except (SafeguardsError, StoreError) as error:
        return Finding(subject, "to do", str(error))


def check_keys(home: Home, environ: Mapping[str, str]) -> tuple[Keys | None, Finding]:
    """The keys of a home, None if they cannot be used; and whether they are apart from it."""
    try:
        found = Keys.load(home, environ, is_pointer_true=False)
    except (KeysError, ProofError) as error:
        return None, Finding("keys", "to do", str(error))
    return found, Finding("keys", "good", f"All keys are there, in {found.folder}")


def find_keys_folder(home: Home, environ: Mapping[str, str]) -> Path | None:
    """Where the keys are stored, usable or not; None if they are nowhere that keys may be."""
    try:
        folder = get_keys_folder(home, environ)
    except KeysError:
        return None
    return folder if folder.is_dir() else None


def check_permissions(folder: Path, *, has_modes: bool = os.name == "posix") -> Said:
    """Whether nobody but the owner can reach the folder and what is in it.

    has_modes: whether the system keeps rights as modes; Windows has access lists.
    """
    if not has_modes:
        return "cannot tell", (
            f'Check who can read {folder}. Run: icacls "{folder}". The list should have '
            "only you, SYSTEM and the administrators."
        )
    reached = sum(_is_reached(path) for path in (folder, *folder.rglob("*")))
    if not reached:
        return "good", f"Only you can read {folder} and everything in it."
    things = "1 file or folder" if reached == 1 else f"{reached:,} files and folders"
    return "to do", (
        f"Other users of this computer have rights to {things} of {folder}. Remove those rights "
        f'(chmod -R go-rwx "{folder}") and find out who had them.'
    )


def check_location(folder: Path, environ: Mapping[str, str]) -> Said:
    """Whether the folder stays on this computer."""
    try:
        refuse_shared(folder, environ)
    except HomeError as error:
        return "to do", f"{error} Then move it there."
    return "good", f"No service seems to copy {folder} to other computers."


def check_disk_encryption(folder: Path, blocks: Path | None = None) -> Said:
    """Whether the disk under the folder is encrypted, where that can be seen."""
    if location.is_seen_encrypted(folder, *([] if blocks is None else [blocks])):
        return "good", f"The disk of {folder} is encrypted."
    return "cannot tell", (
        f"Whether the disk of {folder} is encrypted cannot be seen from here. "
        f"{location.describe_disk_check()} If the disk is not encrypted, have that done."
    )


def check_roles(home: Home, keys: Keys | None) -> Said:
    """Whether the list of who holds which role is whole, confirmed, and has a lead.

    keys: None where they cannot be used; nobody can say then whether it was confirmed.
    """
    if home.is_demo:
        return "good", "A demo folder lists nobody, because its children are made up."
    if keys is None:
        found, entering = tuple(People.load_unconfirmed(home)), set()
    else:
        found = tuple(People.load(home, keys))
        entering = set(admission.open_sign_in_wraps(home, keys).holders)
    path = home.folder / FILE
    if left := entering - {each.person for each in found}:
        return "to do", (
            f"{len(left)} who {'is' if len(left) == 1 else 'are'} not in {path} still "
            f"{'has' if len(left) == 1 else 'have'} a passphrase, which opens nothing. Remove "
            f"it: lac people remove NAME --home {quote(home.folder)}"
        )
    return "good", f"{path} lists {len(found)} with their roles, including a lead."


def check_key_holders(home: Home, keys: Keys, environ: Mapping[str, str]) -> Said:
    """Whether more than one person can open identities."""
    if home.is_demo:
        load_demo_private_key(home, environ)
        return "good", "The children are made up, and the page shows the passphrase."
    wraps = open_identity_wraps(home, keys.public_key, environ)
    weak = {*wraps.weak_holders, *admission.open_sign_in_wraps(home, keys).weak_holders}
    if weak:
        return "to do", (
            f"The passphrase of {', '.join(sorted(weak))} is too easy to guess. Have each of "
            f"them choose another: lac people change --home {quote(home.folder)}"
        )
    leads = People.load(home, keys).list_leads()
    if others := [name for name in wraps.holders if name not in leads]:
        return "to do", (
            f"{' and '.join(others)} can open identities but is not a safeguarding lead. Remove "
            "that "
            f"key: lac keys remove {quote(others[0])} --home {quote(home.folder)}"
        )
    number = len(wraps.holders)
    if number < _FEWEST_HOLDERS:
        return "to do", (
            "Only one person can open identities. If that passphrase is lost, nobody ever can. Add "
            f"a deputy: lac keys add NAME --home {quote(home.folder)}"
        )
    return "good", (
        f"{number} safeguarding leads can open identities, each with a passphrase: lac keys list "
        f"--home {quote(home.folder)}"
    )


def check_loads(home: Home, keys: Keys) -> Said:
    """Whether a load needs a person; a school may choose either."""
    if people := loads.list_loaders(home, keys):
        return "good", f"Each load needs the passphrase of {' or '.join(people)}."
    return "good", (
        "No load needs a passphrase, so a timer can load. Anybody with this account and a "
        "list of UPNs can tell which code name is which child. To change this: lac keys "
        f'lock-loads NAME --home "{home.folder}"'
    )


def check_backups(
    home: Home, folder: Path, keys: Keys | None, now: datetime
) -> tuple[Finding, ...]:
    """How old the newest backup is, and whether it still has a child who was erased.

    folder: of the keys.  keys: None if they cannot be used, and then erasures are not known.
    """
    newest = read_newest(folder)
    lac = f'lac backup --home "{home.folder}"'
    try:
        lines = () if keys is None else Ledger.open(home, keys).list_entries()
    except LedgerError:
        lines = ()  # which is another finding
    last = max((each.at for each in lines if isinstance(each, Erasure)), default=None)
    if last is not None and newest is not None and newest < last:
        words = (
            f"The latest backup was made before the erasure of {last:%Y-%m-%d}, so every backup "
            f"contains that data. Make a new backup, and delete the older ones: {lac} --to DIR"
        )
        return (Finding("backup", "to do", words),)
    return (Finding("backup", *_check_age(newest, now, f"Make a backup: {lac} --to DIR")),)


def check_access_log(home: Home, keys: Keys) -> Said:
    """Whether the access log is whole, and its end is known beside the keys."""
    verdict = audit.verify(home, keys)
    tell = "Tell the data protection officer."
    see = f'{tell} See: lac audit verify --home "{home.folder}"'
    if verdict.faults and verdict.faults[0] == audit.Fault("head"):
        return "to do", (
            "The record of the log's end, which is kept with the keys, is missing or damaged, so "
            f"lines may have been removed unnoticed. {see}"
        )
    if not verdict.is_whole:
        return "to do", f"Somebody or something has changed the log. {see}"
    if not verdict.lines and ((home.store / "CURRENT").exists() or not home.is_demo):
        return "to do", f"The log is empty, although the folder has been used. {tell}"
    if (gaps := [gap for gap in verdict.gaps if not gap.is_seen]) and not home.is_demo:
        return "to do", (
            f"Line {gaps[-1].line} says that a backup was restored ({gaps[-1].why}), so lines "
            "may be missing. If that was right, a safeguarding lead must confirm it: lac "
            f"audit gap --backup-of DAY --home {quote(home.folder)}"
        )
    return "good", "The log is complete, and nothing was changed."


def check_files(home: Home, keys: Keys) -> Said:
    """Whether each file of the home and its keys is as it was last written."""
    changed = []
    for path in list_headed_files(home, keys.folder):
        try:
            keys.heads.read(path)
        except FileNotFoundError:  # cut off before it was there
            continue
        except ProofError as error:
            changed.append(str(error))
    if changed:
        return "to do", " ".join(changed)
    return "good", "No file was changed from outside."


def check_requests(home: Home, keys: Keys, today: date) -> Said:
    """Whether an open request about a child's data is past its day."""
    requests = Register.open(home, keys).list_all()
    if late := sum(each.is_open and each.due_on < today for each in requests):
        are = "1 request is" if late == 1 else f"{late:,} requests are"
        return "to do", f"{are} overdue. See the Requests page."
    return "good", "No request about a child's data is overdue."


def _is_reached(path: Path) -> bool:
    """Whether others have any right; not of a link, whose mode says nothing, or what is gone."""
    try:
        return not path.is_symlink() and is_reached_by_others(path)
    except FileNotFoundError:
        return False


def _check_age(newest: datetime | None, now: datetime, advice: str) -> Said:
    if newest is None:
        return "to do", f"No backup that its keys open has been made on this computer. {advice}"
    if newest > now:
        return "cannot tell", "A backup was made in the future. Check this computer's clock."
    last = f"The last backup was made on {newest.astimezone():%Y-%m-%d}"
    if now - newest > BACKUP_EVERY:
        return "to do", f"{last}, more than {BACKUP_EVERY.days} days ago. {advice}"
    return "good", f"{last}."
