"""The context of a command: a home, the person who gave the command, and their passphrases."""

import getpass
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import typer

from cli.options import AsAt, HomeOption, PassphraseFd, Who
from intake.current import is_up_to_date
from safeguards.access import access
from safeguards.access.admission import Principal, sign_in_with_passphrase
from safeguards.access.roles import build_refusal, choose_role, is_lead
from safeguards.access.settings import Settings
from safeguards.errors import HomeError
from safeguards.home.home import Home
from safeguards.journal.access_log import AccessLog, Event
from safeguards.keys.key_ring import unlock_identities
from safeguards.keys.keys import Keys
from safeguards.keys.passphrase import check_passphrase
from safeguards.vault.vault import Vault

#: The holder of the passphrase that opens the identities of a demo home.
_DEMO_HOLDER = "the made-up school"


@dataclass
class HomeContext:
    """The context of a command about one home.  The fields, also of subclasses, are options."""

    folder: HomeOption

    @cached_property
    def home(self) -> Home:
        """The home.  HomeError if it is missing or damaged."""
        return Home.open(self.folder)

    @cached_property
    def keys(self) -> Keys:
        """The keys of the home.  KeysError if they are missing or damaged."""
        return Keys.load(self.home)

    @cached_property
    def settings(self) -> Settings:
        """The settings of the home.  HomeError if they are damaged."""
        return Settings.load(self.home, self.keys)

    def open_real_home(self) -> tuple[Home, Keys]:
        """Return a real home and its keys.  Raise HomeError for a demo home."""
        if self.home.is_demo:
            raise HomeError(
                "A made-up school has nobody to protect: its pages offer every role and show its "
                "passphrase."
            )
        return self.home, self.keys

    @property
    def has_locked_loads(self) -> bool:
        """Whether a load into the home needs a passphrase."""
        return not self.home.is_demo and self.keys.lookup is None

    def open_vault(self) -> Vault:
        """Open the vault as it is now."""
        return Vault.open(self.home, self.keys)

    def get_handles(self) -> dict[str, str]:
        """Return the handle of every child in the vault, by pupil_id."""
        return {pupil.pupil_id: pupil.handle for pupil in self.open_vault().pupils}

    def log(self, event: str, actor: str, role: str = "dsl", **details: Any) -> None:
        """Write a line to the access log, with the other fields of `Event` as details."""
        AccessLog(self.home, self.keys).append(Event(event, actor, role, **details))

    def bring_up_to_date(self) -> None:
        """Rebuild a store that was made by other definitions.  The facts stay as they are."""
        if not is_up_to_date(self.home, self.keys):
            # these import all that reads files and erases, which few commands need
            from intake.publish.load import rebuild_store  # noqa: PLC0415
            from stewardship.rights.erase import finish_erasures  # noqa: PLC0415

            rebuild_store(self.home, finish_erasures=finish_erasures)


@dataclass
class Caller(HomeContext):
    """The person who gave a command about a home.  In a real home they sign in by passphrase.

    A subclass that declares role or as_at again makes an option of it.  The role counts only in a
    demo home: in a real one it is the role of the person who signs in.
    """

    role: str = field(default="dsl", init=False)
    as_at: datetime | None = field(default=None, init=False)
    who: Who = None
    passphrase_fd: PassphraseFd = None
    _known: dict[str, str] = field(default_factory=dict, init=False, repr=False)

    @property
    def name(self) -> str:
        """The name of the person who gave the command, in a real home."""
        return self.who or self.settings.lead

    def open_session(self, purpose: str) -> access.Session:
        """Sign the caller in to a real home, bring the home up to date and open a session."""
        admitted = None if self.home.is_demo else self.sign_in()
        self.bring_up_to_date()
        return access.open(
            self.folder,
            admitted=admitted,
            actor=getpass.getuser(),
            role=self.role,
            purpose=purpose,
            as_at=self.as_at.date() if self.as_at else None,
        )

    def ask_identity_passphrase(self, session: access.Session) -> str:
        """Ask the caller for their passphrase that opens identities."""
        return self.ask_passphrase(session.actor if session.admitted else _DEMO_HOLDER)

    def sign_in(self) -> Principal:
        """Sign the caller in to a real home.  PassphraseError if the passphrase is wrong."""
        return sign_in_with_passphrase(self.home, self.name, self.ask_passphrase(self.name))

    def require_lead(self, event: str) -> Principal:
        """Sign in a safeguarding lead of a real home.  Log and deny anybody else.

        event: the change that is about to be made, for the log's line of a refusal.
        """
        admitted = self.sign_in()
        if not is_lead(admitted.role):
            self.log("deny", admitted.name, choose_role(admitted.role), purpose=event)
            raise access.Denied(build_refusal(admitted.role, "do this"))
        return admitted

    def unlock_identities(self, name: str) -> None:
        """Check that a person's passphrase opens identities.  PassphraseError if it does not."""
        phrase = self.ask_passphrase(_DEMO_HOLDER if self.home.is_demo else name)
        unlock_identities(self.home, self.keys, name, phrase)

    def ask_passphrase(self, holder: str) -> str:
        """Ask for an existing passphrase, only once in a command."""
        if holder not in self._known:
            self._known[holder] = self.ask_secret(holder, f"Passphrase for {holder}")
        return self._known[holder]

    def ask_new_passphrase(self, holder: str) -> str:
        """Ask for a new passphrase twice.  BadParameter if it is too weak."""
        question = f"New passphrase for {holder}, at least 5 words or 14 characters"
        given = self.ask_secret(holder, question, confirm="Type it again")
        if (why := check_passphrase(given)) is not None:
            raise typer.BadParameter(why)
        return given

    def ask_secret(self, name: str, question: str = "", *, confirm: str | bool = False) -> str:
        """Read a secret from a hidden prompt, or from the next line of the file descriptor.

        No argument ever holds one: the shell's history and the list of processes show those.
        """
        if self.passphrase_fd is None:
            if not _has_terminal():
                raise typer.BadParameter(
                    f"there is no terminal to ask at. Give a file with a line for {name}",
                    param_hint="--passphrase-fd",
                )
            return str(typer.prompt(question or name, hide_input=True, confirmation_prompt=confirm))
        try:
            return next(self._lines)
        except StopIteration:
            problem = f"there is no line for {name}"
        except (OSError, UnicodeDecodeError):
            problem = "it cannot be read"
        raise typer.BadParameter(problem, param_hint="--passphrase-fd")

    @cached_property
    def _lines(self) -> Iterator[str]:
        assert self.passphrase_fd is not None  # noqa: S101 - ask_secret has checked it
        with os.fdopen(os.dup(self.passphrase_fd), encoding="utf-8") as file:
            for line in file:
                yield line.removesuffix("\n").removesuffix("\r")


@dataclass
class Analyst(Caller):
    """A caller who asks about a day."""

    as_at: AsAt = None


def _has_terminal() -> bool:
    """Say whether somebody can be asked, also by a stand-in for a terminal, as in tests."""
    if sys.stdin is not sys.__stdin__ or sys.stdin is None or sys.stdin.isatty():
        return True
    try:
        with Path("/dev/tty").open():  # a hidden prompt asks here, even if the input is piped
            return True
    except OSError:
        return False
