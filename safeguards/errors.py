"""Errors that a person can fix; any other exception is a bug."""

from pathlib import Path


class SafeguardsError(Exception):
    """The base class.  Its message tells a person what is wrong, where, and what to do.

    It never holds a name, a UPN, a key or any other value about a child.
    """


class HomeError(SafeguardsError):
    """The school's home is not there, is damaged, or is too new for this version."""


class KeysError(SafeguardsError):
    """The keys of a home are missing, damaged, or stored where others can reach them."""


class ProofError(SafeguardsError):
    """A file of a home is not the one that lac wrote last, so nothing in it is used."""

    def __init__(
        self, path: Path, *, is_gone: bool = False, is_restored: bool = False, confirm: str = ""
    ) -> None:
        """Word the message; `confirm` is the command with which a lead confirms the file, or ""."""
        change = "is missing" if is_gone else "was changed, or replaced by an older copy"
        cause = f"{change}. Find out who did that, and restore a backup (lac restore)."
        if is_restored:
            cause = "came from a backup."
        advice = f" If this file is right, the safeguarding lead can confirm it: {confirm}"
        super().__init__(f"{path} {cause}{advice if confirm else ''}")


class PassphraseError(KeysError):
    """The passphrase is wrong or too short, or its holder is unknown."""


class PeopleError(SafeguardsError):
    """The list of who holds which role is damaged, not confirmed, or cannot be changed so."""


class VaultError(SafeguardsError):
    """The vault was changed from outside, does not fit the key, or cannot be written."""


class LogError(SafeguardsError):
    """The access could not be written to the log, so nothing may be shown."""


class SealedLinesError(SafeguardsError):
    """The entries that people typed were changed, do not fit the key, or cannot be written."""


class LedgerError(SafeguardsError):
    """The list of erasures or of reports was changed, lost lines, or cannot be written."""


class BackupError(SafeguardsError):
    """A backup cannot be written, does not open with this key, is damaged or out of place."""


class RightsError(SafeguardsError):
    """A request about a child's data cannot be taken, decided or carried out as asked."""


class ShareError(SafeguardsError):
    """Something about a child cannot be shared as asked, or the list of recipients is faulty."""


class ReportError(SafeguardsError):
    """A report cannot be made, and none was; the message is for people."""


class ServeError(SafeguardsError):
    """The dashboard cannot be served to the school's network as asked; nothing is served."""


class SignInDenied(SafeguardsError):
    """The person who tried to sign in was refused; the message tells them why.

    `reason` is the same in a word, for the log.  `sub` is the provider's id of a person whom the
    school's list lacks, for their own screen only: the list needs it.
    """

    def __init__(self, message: str, reason: str, *, sub: str | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.sub = sub
