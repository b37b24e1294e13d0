"""What `lac doctor` looks at: the checks of the safeguards, the store, and what lies about."""

import os
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from pathlib import Path

from intake.publish import files
from queries import contract
from queries.errors import StoreError
from queries.store import store, versions
from safeguards.disclosure.releases import Releases
from safeguards.files import quote
from safeguards.home.home import Home
from safeguards.journal.ledger import Ledger, has_unfinished_erasure
from safeguards.keys.keys import Keys
from stewardship.backup.backups import SEALED_REGISTERS
from stewardship.doctor import safeguard_checks as checks
from stewardship.doctor.safeguard_checks import Finding, Said, check

#: Exports of which a row tells of a child; the others are a school's own figures.
_PERSONAL = frozenset(
    export.name
    for export in contract.ALL_EXPORTS
    if any(column.personal for column in export.columns)
)


def run_checks(
    home: Home, *, now: datetime, working_folder: Path, environ: Mapping[str, str] = os.environ
) -> tuple[Finding, ...]:
    """Every finding about a home; nothing is written and no identity is opened.

    working_folder: where the person is, whose folder may hold exports, too.
    """
    keys, found = checks.check_keys(home, environ)
    folder = checks.find_keys_folder(home, environ)
    findings = [found]
    for each in (home.folder, *([] if folder is None else [folder])):
        findings += [
            check("rights", checks.check_permissions, each),
            check("place", checks.check_location, each, environ),
            check("disk", checks.check_disk_encryption, each),
        ]
    findings.append(check("roles", checks.check_roles, home, keys))
    today = now.astimezone().date()
    need_keys: dict[str, tuple[Callable[..., Said], *tuple[object, ...]]] = {
        "identities": (checks.check_key_holders, environ),
        **({} if home.is_demo else {"loads": (checks.check_loads,)}),
        "store": (check_store_encryption,),
        **({} if home.is_demo else {"register": (check_register, today)}),
        "access log": (checks.check_access_log,),
        "files": (checks.check_files,),
        "written": (check_journals,),
        "erasures": (check_erasures,),
        "requests": (checks.check_requests, today),
    }
    for subject, (look, *more) in need_keys.items():
        if keys is None:
            findings.append(_build_skipped_finding(subject))
        else:
            findings.append(check(subject, look, home, keys, *more))
    if folder is None:
        findings.append(_build_skipped_finding("backup"))
    else:
        findings += checks.check_backups(home, folder, keys, now)
    findings += find_leftover_exports((home.folder.parent, working_folder), home_folder=home.folder)
    return tuple(findings)


def check_store_encryption(home: Home, keys: Keys) -> Said:
    """Whether the store in use is as it was written, and opens with the home's key alone."""
    store.get_openssl_path()
    path = versions.find_current_version(home.store)
    if path is None:
        return "good", "OpenSSL is ready to encrypt the data. Nothing has been loaded yet."
    if _is_openable(path, None):
        return "to do", (
            f"{path} can be opened without a key. Load the exports into a new folder, and have "
            "this one wiped."
        )
    with files.open_version(path, keys.store):
        pass
    for earlier in versions.list_versions(home.store):
        versions.verify_digest(earlier, earlier, keys.store)
    return "good", (
        "The data has not been changed, and is encrypted by OpenSSL. Only the folder's key can "
        "open the data."
    )


def check_register(home: Home, keys: Keys, today: date) -> Said:
    """Whether the register has come so far that figures of attendance are of now."""
    path = versions.find_current_version(home.store)
    if path is None:
        return "good", "Nothing has been loaded yet."
    with files.open_version(path, keys.store) as version:
        if not version.stamp.is_current:  # its views are not those that are asked here
            return "cannot tell", (
                "Another version of lac made the store, which will be made again when the "
                f"dashboard starts: lac run --home {quote(home.folder)}"
            )
        up_to, missing = version.find_register_day(today), version.count_missing_days(today)
    if missing:
        return "to do", (
            f"The register runs up to {up_to}, so {missing} school days are missing. Export the "
            "register "
            f"and load it: lac load DIR --home {quote(home.folder)}"
        )
    return "good", f"The register runs up to {up_to}."


def check_journals(home: Home, keys: Keys) -> Said:
    """Whether what people typed, asked for, shared, reported and erased is all there."""
    for register in (*SEALED_REGISTERS, Ledger, Releases):
        register.open(home, keys)
    return "good", "Every typed entry, request and erasure is still on record."


def check_erasures(home: Home, keys: Keys) -> Said:
    """Whether every child who was erased is out of the home."""
    if has_unfinished_erasure(home, keys):
        return "to do", (
            "An interrupted erasure will be completed when the school's folder is next opened: lac "
            f"run --home {quote(home.folder)}"
        )
    return "good", "No erasure was interrupted, and the vault has not been changed."


def find_leftover_exports(folders: Iterable[Path], *, home_folder: Path) -> list[Finding]:
    """Files named as exports of children in these folders, and one folder further down.

    home_folder: in which there are none.  Only names of files are looked at.
    """
    findings = []
    home = home_folder.resolve()
    for folder in sorted({each.resolve() for each in folders} - {home}):
        try:
            seen = sorted(each for each in folder.iterdir() if not each.name.startswith("."))
            below = [each for each in seen if each.is_dir() and not each.is_symlink()]
        except OSError:
            words = f"{folder} cannot be listed. Check that no exports are left in it."
            findings.append(Finding("exports", "cannot tell", words))
            continue
        left = {each: _list_exports(each) for each in (folder, *below) if each.resolve() != home}
        findings += [
            Finding(
                "exports",
                "to do",
                f"{', '.join(names)} in {each}: named as exports, which contain children's "
                "data. Delete those that are loaded, or move them to where the school keeps "
                "such files.",
            )
            for each, names in left.items()
            if names
        ]
        if not any(left.values()):
            findings.append(Finding("exports", "good", f"No exports are left in {folder}."))
    return findings


def _build_skipped_finding(subject: str) -> Finding:
    return Finding(subject, "cannot tell", "The keys cannot be used, so this was not checked.")


def _is_openable(path: Path, key: str | None) -> bool:
    try:
        with files.open_version(path, key):
            return True
    except StoreError:
        return False


def _list_exports(folder: Path) -> list[str]:
    """The exports in a folder by the names of the contract; none where it cannot be listed."""
    try:
        return sorted(_PERSONAL & {path.name.lower() for path in folder.iterdir()})
    except OSError:  # somebody else's folder
        return []
