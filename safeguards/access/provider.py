"""The sign-in service that a school may use to identify people: Microsoft Entra or Google.

`settings.toml` names it, in [sign_in].  The client secret is kept with the keys, together with the
settings that it was given for.  Settings that somebody changed since are refused: else anybody who
can write in the home could send people to a provider of their own.
"""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal, get_args

from safeguards.errors import HomeError, KeysError, ProofError
from safeguards.files import is_reached_by_others
from safeguards.home.home import Home
from safeguards.keys.keys import Keys

Kind = Literal["entra", "google"]

#: The file of the secret, in the folder of keys.
SECRET = "provider.json"  # noqa: S105 - a file's name
SIGN_IN_METHODS = ("passphrase", "oidc")

_DISCOVERY = "/.well-known/openid-configuration"
#: The address of each provider; that of Entra has the school's own tenant.
_ISSUERS = {
    "entra": "https://login.microsoftonline.com/{tenant}/v2.0",
    "google": "https://accounts.google.com",
}
#: A provider of developers, on this computer.
_HERE = re.compile(rf"http://(127\.0\.0\.1|localhost)(:\d+)?{re.escape(_DISCOVERY)}", re.ASCII)
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")
_CLIENT_ID = re.compile(r"[\w.@:-]{1,200}", re.ASCII)
_LONGEST_SECRET = 500


@dataclass(frozen=True)
class Provider:
    """The settings of a provider, which describes itself at `server_metadata_url`.

    `tenant` is the one organisation of Entra that may sign in; None with Google.  `hosted_domain`
    is the one domain of Google Workspace; None with Entra.
    """

    provider: Kind
    server_metadata_url: str
    client_id: str
    tenant: str | None = None
    hosted_domain: str | None = None

    def __post_init__(self) -> None:
        """Raise ValueError for a wrong setting, in words for the person who set it."""
        if self.provider not in get_args(Kind):
            raise ValueError('provider must be "entra" or "google"')
        if not _fits(_CLIENT_ID, self.client_id):
            raise ValueError("client_id must be the one that the provider gave you")
        is_entra = self.provider == "entra"
        if (self.tenant is not None) != is_entra or (self.hosted_domain is None) != is_entra:
            raise ValueError("entra needs a tenant, and google a hosted_domain; neither has both")
        if is_entra and not _fits(_GUID, self.tenant):
            raise ValueError("tenant must be the directory's id: 32 digits in five groups")
        if not is_entra and not _fits(_DOMAIN, self.hosted_domain):
            raise ValueError("hosted_domain must be a domain, such as school.example")
        usual = build_metadata_url(self.provider, self.tenant)
        if self.server_metadata_url != usual and not _fits(_HERE, self.server_metadata_url):
            raise ValueError(f"server_metadata_url must be {usual}")

    @property
    def issuer(self) -> str:
        """Return the provider's name for itself in each of its answers, by the rules of OpenID."""
        return self.server_metadata_url.removesuffix(_DISCOVERY)

    @property
    def has_reauthentication(self) -> bool:
        """Say whether it asks for the password again on request, and says when it did.

        Google does neither.
        """
        return self.provider == "entra"


def build_metadata_url(provider: str, tenant: str | None) -> str:
    """Return the address where a provider describes itself."""
    return f"{_ISSUERS.get(provider, '')}{_DISCOVERY}".format(tenant=tenant)


def parse(section: object) -> Provider | None:
    """Return the provider in [sign_in] of the settings, or None for passphrases.

    ValueError says why it cannot.  An unknown line is refused, so that a mistyped one is not
    ignored.
    """
    if section is None:
        return None
    if not isinstance(section, Mapping):
        raise ValueError("[sign_in] is not a section")  # noqa: TRY004 - of a file, not of a call
    lines = dict(section)
    way = lines.pop("way", None)
    if way not in SIGN_IN_METHODS:
        raise ValueError('way must be "passphrase" or "oidc"')
    known = {field.name for field in fields(Provider)}
    if not lines.keys() <= known:
        raise ValueError("it contains a line that lac does not know")
    if way == "passphrase":
        return None
    if not {"provider", "server_metadata_url", "client_id"} <= lines.keys():
        raise ValueError("provider, server_metadata_url and client_id are needed")
    return Provider(**lines)


def serialise_section(provider: Provider | None) -> str:
    """Return [sign_in] as it is written in the settings."""
    lines = {"way": "oidc", **_to_dict(provider)} if provider else {"way": "passphrase"}
    # JSON's strings are valid TOML here, because they hold nothing unprintable
    return "".join(["[sign_in]\n", *(f"{name} = {json.dumps(lines[name])}\n" for name in lines)])


def save_secret(keys: Keys, provider: Provider, secret: str) -> None:
    """Keep the secret for this provider, with the keys; KeysError if it cannot be a secret."""
    if not (secret.isascii() and secret.isprintable() and 1 <= len(secret) <= _LONGEST_SECRET):
        raise KeysError("A client secret must be one line of letters, digits and symbols.")
    content = {"v": 1, "provider": _to_dict(provider), "client_secret": secret}
    keys.heads.write(keys.folder / SECRET, json.dumps(content).encode("ascii"))


def delete_secret(keys: Keys) -> None:
    """Delete the secret."""
    (keys.folder / SECRET).unlink(missing_ok=True)
    keys.heads.forget(SECRET)


def load_secret(home: Home, keys: Keys, provider: Provider) -> str:
    """Return the secret for the provider that the settings name.

    HomeError means that it was given for other settings; KeysError that it is missing, damaged or
    open to others.
    """
    path = keys.folder / SECRET
    try:
        if is_reached_by_others(path):
            raise KeysError(
                f"Other users of this computer can reach {path}. Remove those users' rights (chmod "
                "go-rwx) and get a new client secret."
            )
        content = json.loads(keys.heads.read(path))
        settings, secret = content["provider"], content["client_secret"]
    except FileNotFoundError:
        raise KeysError(
            f"The client secret of the sign-in is not in {keys.folder}. Run: lac sign-in set"
        ) from None
    except OSError as error:
        raise KeysError(f"{path} cannot be read: {error.strerror}.") from error
    except (ProofError, ValueError, TypeError, KeyError) as error:
        raise KeysError(f"{path} is damaged. Run: lac sign-in set") from error
    if settings != _to_dict(provider) or not isinstance(secret, str):
        raise HomeError(
            f"[sign_in] in the settings of {home.folder} is not as lac sign-in set wrote it. "
            "Find out who changed it, then run: lac sign-in set"
        )
    return secret


def write_section(path: Path, keys: Keys, provider: Provider | None) -> None:
    """Put this [sign_in] at the end of the file of settings, and leave the rest as it is.

    HomeError means that the file is damaged or already says elsewhere how to sign in; OSError that
    it cannot be read or written.
    """
    try:
        changed = _replace_section(keys.heads.read(path).decode("utf-8"), provider)
        is_there = parse(tomllib.loads(changed).get("sign_in")) == provider
    except ValueError as error:
        raise HomeError(f"{path} is damaged. Correct it, or restore a backup.") from error
    if not is_there:
        raise HomeError(f"{path} already has a line that says how to sign in. Remove it first.")
    keys.heads.write(path, changed.encode("utf-8"))


def _replace_section(text: str, provider: Provider | None) -> str:
    kept: list[str] = []
    is_inside = False
    for line in text.splitlines():
        if line.lstrip().startswith("["):
            is_inside = line.partition("#")[0].strip() == "[sign_in]"
        if not is_inside:
            kept.append(line)
    return "\n".join(kept).rstrip() + f"\n\n{serialise_section(provider)}"


def _to_dict(provider: Provider) -> dict[str, Any]:
    return {name: value for name, value in asdict(provider).items() if value is not None}


def _fits(form: re.Pattern[str], text: object) -> bool:
    return isinstance(text, str) and form.fullmatch(text) is not None
