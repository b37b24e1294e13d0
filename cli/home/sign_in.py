"""`lac sign-in`: choose a service with which people sign in, in place of passphrases."""

from typing import Annotated

import typer
from typer import Option

from cli.commands import Commands
from cli.context import Caller, HomeContext
from dashboard.server.guard import CALLBACK_PATH
from dashboard.server.site import HOST
from safeguards.access import provider as providers
from safeguards.access.settings import FILE, Settings

app = Commands(
    "Choose how people sign in: with a passphrase, or with Microsoft Entra or Google.\n\nIn "
    "each case the school's list says who holds which role: see lac people."
)


@app.add("set")
def set_provider(
    caller: Caller,
    provider: Annotated[str, Option(help="entra or google.")],
    client_id: Annotated[str, Option(help="The service's id for this program.")],
    tenant: Annotated[str | None, Option(help="With entra: the directory's id.")] = None,
    hosted_domain: Annotated[str | None, Option(help="With google: the school's domain.")] = None,
) -> None:
    """Let people sign in with Microsoft Entra or Google.

    Asks for a passphrase that opens identities, then for the client secret from Microsoft or
    Google, or reads one on each line.  Microsoft or Google then also decides who can sign in.
    """
    try:
        service = providers.parse(
            {
                "way": "oidc",
                "provider": provider,
                "server_metadata_url": providers.build_metadata_url(provider, tenant),
                "client_id": client_id,
                "tenant": tenant,
                "hosted_domain": hosted_domain,
            }
        )
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    assert service is not None  # noqa: S101 - None is for the passphrase alone
    home, keys = caller.open_real_home()
    name = _require_key_holder(caller)
    secret = caller.ask_secret("The client secret")
    caller.log("sign_in_set", name)
    providers.save_secret(keys, service, secret)
    providers.write_section(home.folder / FILE, keys, service)
    _say_provider(service, f"http://{HOST}:8501")


@app.add()
def show(
    at: HomeContext,
    port: Annotated[int, Option(help="Port of lac run.")] = 8501,
    name: Annotated[str | None, Option(help="The name of lac serve, if that is used.")] = None,
) -> None:
    """Show how people sign in, and which address to register with Microsoft or Google."""
    home, keys = at.open_real_home()
    service = at.settings.provider
    if service is not None:
        providers.load_secret(home, keys, service)
    _say_provider(service, f"https://{name}" if name else f"http://{HOST}:{port}")


@app.add("off")
def turn_off(caller: Caller) -> None:
    """Let people sign in with passphrases again. The client secret is deleted."""
    home, keys = caller.open_real_home()
    caller.log("sign_in_off", _require_key_holder(caller))
    providers.write_section(home.folder / FILE, keys, None)
    providers.delete_secret(keys)
    _say_provider(None, "")


def _require_key_holder(caller: Caller) -> str:
    """Return the caller's name once their passphrase has opened identities.  Others are refused."""
    name = caller.who or Settings.load(caller.home, caller.keys, is_provider_ignored=True).lead
    caller.unlock_identities(name)
    return name


def _say_provider(provider: providers.Provider | None, address: str) -> None:
    if provider is None:
        typer.echo("People sign in with a passphrase.")
        return
    typer.echo(
        f"People sign in with Microsoft Entra, as members of {provider.tenant}."
        if provider.provider == "entra"
        else f"People sign in with Google, with accounts of {provider.hosted_domain}."
    )
    typer.echo(f"The redirect address to register there: {address}{CALLBACK_PATH}")
    typer.echo("Add each person to the list with the service's id for them: lac people add")
