"""The settings of a home, given when it was made, which the school may edit: `settings.toml`."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safeguards.access import provider as providers
from safeguards.access.provider import Provider
from safeguards.errors import HomeError
from safeguards.home.home import Home
from safeguards.keys.keys import Keys

FILE = "settings.toml"
_LONGEST_NAME = 80


@dataclass(frozen=True)
class Settings:
    """The settings of one home; `lead` is the default for a question for a passphrase.

    `provider` is the service that identifies people; None where they sign in by passphrase.
    `are_concerns_shared` lets pastoral staff and the designated teacher see all notes of concern,
    not only their own.  `authority` is the home's own local authority, by the name in the files of
    children in care; "" where nobody has given it.  `is_group_for_governor` lets the Headteacher
    show the group's figures to the governor named for these children.
    """

    school: str
    lead: str
    provider: Provider | None = None
    are_concerns_shared: bool = False
    authority: str = ""
    is_group_for_governor: bool = False

    @classmethod
    def load(
        cls, home: Home, keys: Keys | None, *, is_provider_ignored: bool = False
    ) -> "Settings":
        """Return the settings of a home, which a demo need not have; HomeError if they are damaged.

        Without `keys`, a file that nobody has confirmed is accepted; with them it is a ProofError.
        `is_provider_ignored` leaves out the provider, which is about to be set anew.
        """
        path = home.folder / FILE
        if home.is_demo and not path.exists():
            return cls("the made-up school", "the safeguarding lead")
        try:
            content = path.read_bytes() if keys is None else keys.heads.read(path)
            sections = tomllib.loads(content.decode("utf-8"))
            school, lead = sections["school"]["name"], sections["people"]["lead"]
            if not (is_name(school) and is_name(lead)):
                raise HomeError(f"{path} names no school or no safeguarding lead. Correct it.")
            has_none = is_provider_ignored or home.is_demo
            provider = None if has_none else _parse_provider(sections, path)
            shared = _parse_switch(sections, "concerns", "are_shared", path)
            for_governor = _parse_switch(sections, "governor", "may_see_group_figures", path)
            authority = sections["school"].get("authority", "")
            if authority and not is_name(authority):
                raise HomeError(f"{path}: authority must be a name. Correct it.")
            return cls(school, lead, provider, shared, authority, for_governor)
        except OSError as error:
            raise HomeError(f"{path} cannot be read: {error.strerror}.") from error
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise HomeError(f"{path} is damaged. Correct it, or restore a backup.") from error

    def save(self, home: Home, keys: Keys) -> None:
        """Write the settings of a new home; an OSError means that it failed."""
        keys.heads.write(home.folder / FILE, self._text().encode("utf-8"))

    def _text(self) -> str:
        return f"""\
# Settings from when this folder was made. You can change them here. The safeguarding lead must
# then confirm them: lac keys confirm settings.toml

[school]
name = {_quote(self.school)}
# The local authority, by the name that your files of children in care use; "" if nobody says it.
authority = {_quote(self.authority)}

[people]
# Whose passphrase is asked for unless another key holder is named.
lead = {_quote(self.lead)}

[concerns]
# Whether pastoral staff and the designated teacher see all notes of concern, or only their own.
are_shared = {str(self.are_concerns_shared).lower()}

[governor]
# Whether the Headteacher may show the Group figures page to the one governor named for children
# looked after. With few children a figure may be about one child, so agree it with the data
# protection officer first: section 4 of drafts/impact_assessment.md.
may_see_group_figures = {str(self.is_group_for_governor).lower()}
"""


def _parse_switch(sections: Mapping[str, Any], section: str, name: str, path: Path) -> bool:
    """Return a setting that is on or off; it is off if the file does not have it."""
    value = sections.get(section, {}).get(name, False)
    if not isinstance(value, bool):
        raise HomeError(f"{path}: {name} must be true or false. Correct it.")
    return value


def _parse_provider(sections: dict[str, object], path: Path) -> Provider | None:
    try:
        return providers.parse(sections.get("sign_in"))
    except ValueError as error:
        raise HomeError(
            f"[sign_in] in {path} cannot be used: {error}. Correct it, or run: lac sign-in set"
        ) from error


def is_name(text: object) -> bool:
    """Say whether a text can name a school or a person: printable, 1 to 80 characters."""
    return (
        isinstance(text, str)
        and text.strip() == text
        and 1 <= len(text) <= _LONGEST_NAME
        and text.isprintable()
    )


def _quote(text: str) -> str:
    """Return a string as TOML writes it, which is as JSON does: it holds nothing unprintable."""
    return json.dumps(text, ensure_ascii=False)
