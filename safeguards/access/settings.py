"""What a home was told when it was made, which the school may edit: `settings.toml`."""

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path

from safeguards.access import provider as providers
from safeguards.access.provider import Provider
from safeguards.errors import HomeError
from safeguards.files import write_private
from safeguards.home.home import Home
from safeguards.keys import passphrase as phrases
from safeguards.keys.passphrase import Cost

FILE = "settings.toml"
_LONGEST_NAME = 80


@dataclass(frozen=True)
class Settings:
    """lead: the holder whose passphrase is asked for unless another is named.

    cost: what one guess at a new passphrase costs; wraps that are there keep theirs.
    provider: who says who somebody is; None where people sign in by passphrase.
    """

    school: str
    lead: str
    cost: Cost
    provider: Provider | None = None

    @classmethod
    def load(cls, home: Home, *, is_provider_ignored: bool = False) -> "Settings":
        """The settings of a home; a made-up school has none.  HomeError if they are damaged.

        is_mending: how people sign in is about to be said anew, whatever is said of it now.
        """
        if home.is_demo:
            return cls("the made-up school", "the safeguarding lead", phrases.DEFAULT_COST)
        path = home.folder / FILE
        try:
            found = tomllib.loads(path.read_text(encoding="utf-8"))
            school, lead = found["school"]["name"], found["people"]["lead"]
            if not (is_name(school) and is_name(lead)):
                raise HomeError(f"{path} names no school or no safeguarding lead. Mend it.")
            provider = None if is_provider_ignored else _parse_provider(found, path)
            return cls(school, lead, Cost(**found["passphrase"]), provider)
        except OSError as error:
            raise HomeError(f"{path} cannot be read: {error.strerror}.") from error
        except (ValueError, TypeError, KeyError) as error:
            raise HomeError(f"{path} is damaged. Mend it, or restore a backup.") from error

    def save(self, home: Home) -> None:
        """Write the settings of a new home; OSError if that fails."""
        write_private(home.folder / FILE, self._text().encode("utf-8"))

    def _text(self) -> str:
        return f"""\
# What this home was told when it was made. Correct it here; lac reads it each time.

[school]
name = {_quote(self.school)}

[people]
# Whose passphrase is asked for unless another holder is named.
lead = {_quote(self.lead)}

[passphrase]
# What one guess at a new passphrase costs (Argon2id, RFC 9106). Never make it less.
memory_kib = {self.cost.memory_kib}
iterations = {self.cost.iterations}
lanes = {self.cost.lanes}
"""


def _parse_provider(found: dict[str, object], path: Path) -> Provider | None:
    try:
        return providers.parse(found.get("sign_in"))
    except ValueError as error:
        raise HomeError(
            f"[sign_in] in {path} cannot be used: {error}. Mend it, or run: lac sign-in set"
        ) from error


def is_name(text: object) -> bool:
    """Whether a text may stand for a school or a person: printable, 1 to 80 characters."""
    return (
        isinstance(text, str)
        and text.strip() == text
        and 1 <= len(text) <= _LONGEST_NAME
        and text.isprintable()
    )


def _quote(text: str) -> str:
    """A string as TOML has it; JSON's is one, since nothing unprintable is in it."""
    return json.dumps(text, ensure_ascii=False)
