"""Checks of how safe a home is, with findings in words for people.  They write nothing.

A check looks at one thing, and returns its state and words that say what to do.  An error of a
broken safeguard is "to do".  No finding contains a child's name, UPN or code name.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from intake.publish import files
from queries import contract
from queries.errors import StoreError
from queries.store import store, versions
from safeguards.access.people import FILE, People
from safeguards.disclosure.releases import Releases
from safeguards.errors import HomeError, KeysError, LedgerError, ProofError, SafeguardsError
from safeguards.files import is_reached_by_others, quote
from safeguards.home import location
from safeguards.home.home import Home
from safeguards.home.location import refuse_shared
from safeguards.journal import audit
from safeguards.journal.ledger import Erasure, Ledger, has_unfinished_erasure
from safeguards.keys.key_ring import KeyRing
from safeguards.keys.keys import Keys, get_keys_folder, list_headed_files
from stewardship.backup.backups import SEALED_REGISTERS, read_newest

State = Literal["good", "to do", "cannot tell"]
#: The state of a subject, and words for it.
Said = tuple[State, str]

_BACKUP_EVERY = timedelta(days=7)
_FEWEST_HOLDERS = 2
#: Exports with personal columns.  The others contain a school's own figures.
_PERSONAL = frozenset(
    export.name
    for export in contract.ALL_EXPORTS
    if any(column.personal for column in export.columns)
)
#: The description of a fault of the access log, by its kind.
_LOG_FAULTS: dict[str, str] = {
    "changed": "Line {line} of the log was changed, moved or added.",
    "missing": "Lines of the log were removed before line {line} ({lines}).",
    "break": "The end of the log was changed or removed before line {line}.",
    "end": "Lines were removed from the end of the log ({lines}), or its end was changed.",
    "head": "The record of the log's end, which is kept with the keys, is missing or damaged.",
}


@dataclass(frozen=True)
class Finding:
    """A finding.  subject: in a word or two.  words: the state in a sentence, and what to do."""

    subject: str
    state: State
    words: str


def run_checks(
    home: Home, *, now: datetime, working_folder: Path, environ: Mapping[str, str] = os.environ
) -> tuple[Finding, ...]:
    """Return every finding about a home.  Write nothing and open no identity.

    working_folder: the folder of the person who asks, which may contain exports too.
    """
    keys, finding = _check_keys(home, environ)
    folder = _find_keys_folder(home, environ)
    findings = [finding]
    for place in (home.folder, *([] if folder is None else [folder])):
        findings += [
            check("rights", check_permissions, place),
            check("place", check_location, place, environ),
            check("disk", check_disk_encryption, place),
        ]
    need_keys: dict[str, tuple[Callable[..., Said], *tuple[object, ...]]] = {
        "roles": (check_roles,),
        "identities": (check_key_holders,),
        "store": (check_store_encryption,),
        "access log": (check_access_log,),
        "files": (check_files,),
        "erasures": (check_erasures,),
        "backup": (check_backup, now),
    }
    for subject, (look, *more) in need_keys.items():
        if keys is None:
            words = "The keys cannot be used, so this was not checked."
            findings.append(Finding(subject, "cannot tell", words))
        else:
            findings.append(check(subject, look, home, keys, *more))
    findings += find_leftover_exports((home.folder.parent, working_folder), home_folder=home.folder)
    return tuple(findings)


def check(subject: str, look: Callable[..., Said], *given: object) -> Finding:
    """Return the finding of a check, or a finding "to do" with the error that it raises."""
    try:
        return Finding(subject, *look(*given))
    except (SafeguardsError, StoreError) as error:
        return Finding(subject, "to do", str(error))


def check_permissions(folder: Path, *, has_modes: bool = os.name == "posix") -> Said:
    """Check that only the owner can reach the folder and everything in it.

    has_modes: whether the system keeps rights as modes.  Windows has access lists.
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
    """Check that no service copies the folder to other computers."""
    try:
        refuse_shared(folder, environ)
    except HomeError as error:
        return "to do", f"{error} Then move it there."
    return "good", f"No service seems to copy {folder} to other computers."


def check_disk_encryption(folder: Path, blocks: Path | None = None) -> Said:
    """Check that the disk under the folder is encrypted, if that can be seen."""
    if location.is_seen_encrypted(folder, *([] if blocks is None else [blocks])):
        return "good", f"The disk of {folder} is encrypted."
    return "cannot tell", (
        f"Whether the disk of {folder} is encrypted cannot be seen from here. "
        f"{location.describe_disk_check()} If the disk is not encrypted, have that done."
    )


def check_roles(home: Home, keys: Keys) -> Said:
    """Check that the list of roles is confirmed, and that nobody else has a passphrase."""
    if home.is_demo:
        return "good", "A demo folder lists nobody, because its children are made up."
    people = {person.person for person in People.load(home, keys)}
    path = home.folder / FILE
    if left := set(KeyRing(home, keys).people) - people:
        return "to do", (
            f"Passphrases of people who are not in {path}: {len(left)}. They open nothing. Remove "
            f"them: lac people remove NAME --home {quote(home.folder)}"
        )
    return "good", f"{path} lists {len(people)} with their roles, including a lead."


def check_key_holders(home: Home, keys: Keys) -> Said:
    """Check that more than one person can open identities, and only leads."""
    if home.is_demo:
        return "good", "The children are made up, and the page shows the passphrase."
    holders = KeyRing(home, keys).list_people("identities")
    at = f"--home {quote(home.folder)}"
    leads = People.load(home, keys).list_leads()
    if others := [name for name in holders if name not in leads]:
        return "to do", (
            f"{' and '.join(others)} can open identities but is not a safeguarding lead. Confirm "
            f"the list again, which takes that key away: lac people confirm {at}"
        )
    if len(holders) < _FEWEST_HOLDERS:
        return "to do", (
            "Only one person can open identities. If that passphrase is lost, nobody ever can. Add "
            f"a deputy: lac people add NAME --role dsl {at}"
        )
    return "good", (
        f"{len(holders)} safeguarding leads can open identities, each with a passphrase: lac "
        f"people list {at}"
    )


def check_store_encryption(home: Home, keys: Keys) -> Said:
    """Check that each version of the store is as it was written, and opens with the home's key."""
    store.get_openssl_path()
    path = versions.find_current_version(home.store)
    if path is None:
        return "good", "OpenSSL is ready to encrypt the data. Nothing has been loaded yet."
    with files.open_version(path, keys.store):
        pass
    for earlier in versions.list_versions(home.store):
        versions.verify_digest(earlier, earlier, keys.store)
    return "good", (
        "The data has not been changed, and is encrypted by OpenSSL. Only the folder's key can "
        "open the data."
    )


def check_access_log(home: Home, keys: Keys) -> Said:
    """Check that no line of the access log was changed, added, moved or removed, even at its end.

    A lead must confirm a gap after a restore.
    """
    verdict = audit.verify(home, keys)
    advice = (
        "Keep the file as it is, and tell the data protection officer. If a backup was restored: "
        f"lac audit gap --backup-of DAY --home {quote(home.folder)}"
    )
    if verdict.faults:
        # later faults may come from the first one
        fault = verdict.faults[0]
        lines = fault.lines or "how many is not known"
        return "to do", f"{_LOG_FAULTS[fault.kind].format(line=fault.line, lines=lines)} {advice}"
    if not verdict.lines and ((home.store / "CURRENT").exists() or not home.is_demo):
        return "to do", f"The log is empty, although the folder has been used. {advice}"
    if (gaps := [gap for gap in verdict.gaps if not gap.is_seen]) and not home.is_demo:
        return "to do", (
            f"Line {gaps[-1].line} says that a backup was restored ({gaps[-1].why}), so lines "
            "may be missing. If that was right, a safeguarding lead must confirm it: lac "
            f"audit gap --backup-of DAY --home {quote(home.folder)}"
        )
    return "good", f"The log is complete, and none of its {verdict.lines:,} lines was changed."


def check_files(home: Home, keys: Keys) -> Said:
    """Check that each file is as it was last written, and that each journal has all its lines."""
    changed = []
    for path in list_headed_files(home, keys.folder):
        try:
            keys.heads.read(path)
        except FileNotFoundError:  # a write was interrupted before the file existed
            continue
        except ProofError as error:
            changed.append(str(error))
    for journal in (*SEALED_REGISTERS, Ledger, Releases):
        try:
            journal.open(home, keys)
        except SafeguardsError as error:
            changed.append(str(error))
    if changed:
        return "to do", " ".join(changed)
    return "good", "No file was changed from outside, and every typed entry and request is there."


def check_erasures(home: Home, keys: Keys) -> Said:
    """Check that no erasure was interrupted, and that no erased child is in the vault."""
    if has_unfinished_erasure(home, keys):
        return "to do", (
            "An interrupted erasure will be completed when the school's folder is next opened: lac "
            f"run --home {quote(home.folder)}"
        )
    return "good", "No erasure was interrupted, and the vault has not been changed."


def check_backup(home: Home, keys: Keys, now: datetime) -> Said:
    """Check that the newest backup is a week old at most, and was made after the last erasure."""
    newest = read_newest(keys.folder)
    make = f"lac backup --home {quote(home.folder)} --to DIR"
    try:
        lines = Ledger.open(home, keys).list_entries()
    except LedgerError:
        lines = ()  # check_files reports this
    last = max((line.at for line in lines if isinstance(line, Erasure)), default=None)
    if newest is None:
        return "to do", f"This computer has made no backup that its keys open. Make one: {make}"
    if last is not None and newest < last:
        return "to do", (
            f"The latest backup was made before the erasure of {last:%Y-%m-%d}, so every backup "
            f"contains that data. Make a new backup, and delete the older ones: {make}"
        )
    if newest > now:
        return "cannot tell", "A backup was made in the future. Check this computer's clock."
    words = f"The last backup was made on {newest.astimezone():%Y-%m-%d}"
    if now - newest > _BACKUP_EVERY:
        return "to do", f"{words}, more than {_BACKUP_EVERY.days} days ago. Make one: {make}"
    return "good", f"{words}."


def find_leftover_exports(folders: Iterable[Path], *, home_folder: Path) -> list[Finding]:
    """Find files named as exports of children, in these folders and the folders right below.

    home_folder: this folder is left out.  Only the names of files are read.
    """
    findings = []
    home = home_folder.resolve()
    for folder in sorted({path.resolve() for path in folders} - {home}):
        try:
            seen = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
            below = [path for path in seen if path.is_dir() and not path.is_symlink()]
        except OSError:
            words = f"{folder} cannot be listed. Check that no exports are left in it."
            findings.append(Finding("exports", "cannot tell", words))
            continue
        left = {path: _list_exports(path) for path in (folder, *below) if path.resolve() != home}
        findings += [
            Finding(
                "exports",
                "to do",
                f"{', '.join(names)} in {path}: named as exports, which contain children's "
                "data. Delete those that are loaded, or move them to where the school keeps "
                "such files.",
            )
            for path, names in left.items()
            if names
        ]
        if not any(left.values()):
            findings.append(Finding("exports", "good", f"No exports are left in {folder}."))
    return findings


def _check_keys(home: Home, environ: Mapping[str, str]) -> tuple[Keys | None, Finding]:
    """Return the keys of a home, or None if they cannot be used, and the finding about them."""
    try:
        keys = Keys.load(home, environ, is_pointer_true=False)
    except (KeysError, ProofError) as error:
        return None, Finding("keys", "to do", str(error))
    return keys, Finding("keys", "good", f"All keys are there, in {keys.folder}")


def _find_keys_folder(home: Home, environ: Mapping[str, str]) -> Path | None:
    """Return the folder of the keys, usable or not.  None if no allowed place has one."""
    try:
        folder = get_keys_folder(home, environ)
    except KeysError:
        return None
    return folder if folder.is_dir() else None


def _is_reached(path: Path) -> bool:
    """Say whether other users have any right to a path.  A link or a missing file counts as no."""
    try:
        return not path.is_symlink() and is_reached_by_others(path)
    except FileNotFoundError:
        return False


def _list_exports(folder: Path) -> list[str]:
    """Return the names of the exports in a folder, or none if the folder cannot be listed."""
    try:
        return sorted(_PERSONAL & {path.name.lower() for path in folder.iterdir()})
    except OSError:  # the folder belongs to somebody else
        return []
