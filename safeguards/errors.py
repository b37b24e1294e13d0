"""What can go wrong that a person can fix; anything else that is raised is a bug."""

from pathlib import Path


class SafeguardsError(Exception):
    """The base class.  The message is for people: what, where, what to do.

    It never holds a name, a UPN, a key or any other value about a child.
    """


class HomeError(SafeguardsError):
    """The school's home is not there, is damaged, or is too new for this version."""


class KeysError(SafeguardsError):
    """The keys of a home are missing, damaged, or stored where others can reach them."""


class ProofError(SafeguardsError):
    """A file of a home is not the one that lac wrote last; nothing in it is believed."""

    def __init__(
        self, path: Path, *, is_gone: bool = False, is_restored: bool = False, confirm: str = ""
    ) -> None:
        """is_restored: a backup brought it.  confirm: how a lead says it is right, if one can."""
        what = "is missing" if is_gone else "was changed, or replaced by an older copy"
        why = f"{what}. Find out who did that, and restore a backup (lac restore)."
        if is_restored:
            why = "came from a backup."
        right = f" If this file is right, the safeguarding lead can confirm it: {confirm}"
        super().__init__(f"{path} {why}{right if confirm else ''}")


class PassphraseError(KeysError):
    """The passphrase is wrong or too short, or its holder is unknown."""


class PeopleError(SafeguardsError):
    """The list of who holds which role is damaged, not confirmed, or cannot be changed so."""


class VaultError(SafeguardsError):
    """The vault was changed from outside, does not fit the key, or cannot be written."""


class LogError(SafeguardsError):
    """The access could not be written down, so nothing may be shown."""


class SealedLinesError(SafeguardsError):
    """What people typed was changed from outside, does not fit the key, or cannot be written."""


class LedgerError(SafeguardsError):
    """The list of erasures or of reports was changed, lost lines, or cannot be written."""


class BackupError(SafeguardsError):
    """A backup cannot be written, does not open with this key, is damaged or out of place."""


class RightsError(SafeguardsError):
    """A request about a child's data cannot be taken, decided or carried out as asked."""


class ShareError(SafeguardsError):
    """Something about a child cannot be shared as asked, or the list of recipients is faulty."""


class ReportError(SafeguardsError):
    """A report cannot be made; nothing was, and the message is for people."""


class ServeError(SafeguardsError):
    """The dashboard cannot be served to the school's network as asked; nothing is served."""


class SignInDenied(SafeguardsError):
    """Nobody was signed in; the message says why to the person who tried.

    reason: the same in a word for the log.  sub: what the provider calls a person whom the
    school's list does not know, for that person's own screen: the list asks for it.
    """

    def __init__(self, message: str, reason: str, *, sub: str | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.sub = sub
