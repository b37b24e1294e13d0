"""`lac sign-in`: the service with which a school's people sign in, in place of passphrases."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.context import Who
from cli.options import HomeOption, Port, handle_user_errors
from cli.passphrases import PassphraseFd, Passphrases

if TYPE_CHECKING:
    from safeguards.access.provider import Provider
    from safeguards.home.home import Home
    from safeguards.keys.keys import Keys

app = typer.Typer(
    no_args_is_help=True,
    help="Say how people sign in: by passphrase, or with Microsoft Entra or Google.\n\n"
    "Who holds which role is the school's list in any case: see lac people.",
)

_USUAL = {
    "entra": "https://login.microsoftonline.com/{tenant}/v2.0/.well-known/openid-configuration",
    "google": "https://accounts.google.com/.well-known/openid-configuration",
}


@app.command("set")
def set_provider(
    home: HomeOption,
    *,
    provider: Annotated[str, typer.Option("--provider", help="entra or google.")],
    client_id: Annotated[str, typer.Option("--client-id", help="What it calls this program.")],
    tenant: Annotated[
        str | None, typer.Option("--tenant", help="With entra: the directory's id.")
    ] = None,
    hosted_domain: Annotated[
        str | None, typer.Option("--hosted-domain", help="With google: the school's domain.")
    ] = None,
    server_metadata_url: Annotated[
        str | None,
        typer.Option("--server-metadata-url", help="Where it describes itself, if elsewhere."),
    ] = None,
    who: Who = None,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Have people sign in with a service of the school's.

    Asks for a passphrase that opens identities, then for the client secret that the service
    gave, or reads a line each.  Who can sign in is then decided elsewhere, too.
    """
    from safeguards.access import provider as providers  # noqa: PLC0415
    from safeguards.access.settings import FILE  # noqa: PLC0415

    with handle_user_errors():
        usual = _USUAL.get(provider, "").format(tenant=tenant)
        try:
            found = providers.parse(
                {
                    "way": "oidc",
                    "provider": provider,
                    "server_metadata_url": server_metadata_url or usual,
                    "client_id": client_id,
                    "tenant": tenant,
                    "hosted_domain": hosted_domain,
                }
            )
        except ValueError as error:
            raise typer.BadParameter(str(error)) from None
        assert found is not None  # noqa: S101 - its way is not the passphrase
        opened_home, keys = _open_real_home(home)
        passphrases = Passphrases(passphrase_fd)
        name = _require_key_holder(opened_home, keys, who, passphrases)
        secret = passphrases.ask_secret("The client secret")
        _log(opened_home, keys, "sign_in_set", name)
        providers.save_secret(keys, found, secret)
        providers.write_section(opened_home.folder / FILE, found)
        _say(found, 8501)


@app.command()
def show(home: HomeOption, *, port: Port = 8501) -> None:
    """Say how people sign in, and which address the service must know."""
    from safeguards.access import provider as providers  # noqa: PLC0415
    from safeguards.access.settings import Settings  # noqa: PLC0415

    with handle_user_errors():
        opened_home, keys = _open_real_home(home)
        found = Settings.load(opened_home).provider
        if found is not None:
            providers.load_secret(opened_home, keys, found)
        _say(found, port)


@app.command("off")
def turn_off(home: HomeOption, *, who: Who = None, passphrase_fd: PassphraseFd = None) -> None:
    """Have people sign in by passphrase again; the client secret is deleted."""
    from safeguards.access import provider as providers  # noqa: PLC0415
    from safeguards.access.settings import FILE  # noqa: PLC0415

    with handle_user_errors():
        opened_home, keys = _open_real_home(home)
        name = _require_key_holder(opened_home, keys, who, Passphrases(passphrase_fd))
        _log(opened_home, keys, "sign_in_off", name)
        providers.write_section(opened_home.folder / FILE, None)
        providers.delete_secret(keys)
        _say(None, 0)


def _open_real_home(folder: Path) -> "tuple[Home, Keys]":
    from safeguards.errors import HomeError  # noqa: PLC0415
    from safeguards.home.home import Home  # noqa: PLC0415
    from safeguards.keys.keys import Keys  # noqa: PLC0415

    home = Home.open(folder)
    if home.is_demo:
        raise HomeError("Nobody signs in to a made-up school: its pages offer every role.")
    return home, Keys.load(home)


def _require_key_holder(
    home: "Home", keys: "Keys", who: str | None, passphrases: Passphrases
) -> str:
    """Who has shown that they can open identities: nobody less may say who signs in."""
    from safeguards.access.settings import Settings  # noqa: PLC0415
    from safeguards.keys.keys import unlock_private_key  # noqa: PLC0415
    from safeguards.vault.vault import Vault  # noqa: PLC0415

    name = who or Settings.load(home, is_provider_ignored=True).lead
    unlock_private_key(home, Vault.open(home, keys).public_key, name, passphrases.ask(name))
    return name


def _log(home: "Home", keys: "Keys", event: str, actor: str) -> None:
    from safeguards.journal.access_log import AccessLog, Event  # noqa: PLC0415

    AccessLog(home, keys).append(Event(event, actor, "dsl"))


def _say(provider: "Provider | None", port: int) -> None:
    from dashboard.server.guard import CALLBACK_PATH  # noqa: PLC0415
    from dashboard.server.server import HOST  # noqa: PLC0415

    if provider is None:
        typer.echo("People sign in by passphrase.")
        return
    typer.echo(
        f"People sign in with Microsoft Entra, as members of {provider.tenant}."
        if provider.provider == "entra"
        else f"People sign in with Google, with accounts of {provider.hosted_domain}."
    )
    typer.echo(f"The address that it must know: http://{HOST}:{port}{CALLBACK_PATH}")
    typer.echo("Put each person in the list with what it calls them: lac people add")
