"""A provider for tests, and a home of a school that signs in with it.

The provider is oidc-provider-mock, in a process of its own.  It answers at "localhost",
which is another site than the dashboard's 127.0.0.1, as a school's provider is.
"""

import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dashboard.server.site import HOST
from safeguards.access import provider as providers
from safeguards.access.people import People, Person
from safeguards.access.provider import Provider
from safeguards.access.settings import Settings
from safeguards.home.home import Home, create_real
from safeguards.keys.keys import Keys
from tests.support.web.servers import Served, ask, free_port, started, write_server

TENANT = "11111111-2222-3333-4444-555555555555"
AT = "/.well-known/openid-configuration"
ENTRA = Provider(
    "entra", f"https://login.microsoftonline.com/{TENANT}/v2.0{AT}", "app-1", tenant=TENANT
)
GOOGLE = Provider(
    "google", f"https://accounts.google.com{AT}", "app-2", hosted_domain="school.example"
)
PHRASE = "five plain words of hers"


@dataclass(frozen=True)
class Mock:
    """A provider that listens."""

    port: int
    log: Path

    @property
    def metadata_url(self) -> str:
        return f"http://localhost:{self.port}/.well-known/openid-configuration"

    def knows(self, sub: str, **claims: Any) -> None:
        """Somebody has an account there, with these claims."""
        status, _, _ = ask(
            self.port,
            f"/users/{sub}",
            {"Content-Type": "application/json", "Host": f"localhost:{self.port}"},
            method="PUT",
            body=json.dumps(claims).encode(),
        )
        assert status == 204

    def be_crooked(self, way: str | None = None) -> dict[str, Any]:
        """Have its answers tampered with in a way; what `crooked_provider` tells of itself."""
        host, body = {"Host": f"localhost:{self.port}"}, way and way.encode()
        method = "GET" if way is None else "PUT"
        status, _, told = ask(self.port, "/crooked", host, method=method, body=body or None)
        assert status == 200
        found: dict[str, Any] = json.loads(told)
        return found


_HONEST = ("-m", "oidc_provider_mock", "--require-nonce=true", "--port")
_CROOKED = ("-m", "tests.support.web.crooked_provider")


@contextmanager
def mock_provider(log: Path, *, is_crooked: bool = False) -> Iterator[Mock]:
    """The provider until the end of the block; is_crooked: that of `crooked_provider`."""
    port = free_port()
    command = [sys.executable, "-W", "ignore", *(_CROOKED if is_crooked else _HONEST), str(port)]
    with log.open("wb") as faults:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=faults)
        try:
            found = Mock(port, log)
            _wait(port)
            yield found
        finally:
            process.terminate()
            process.wait(timeout=120)
            if process.stdout is not None:
                process.stdout.close()


#: What the mock calls each of them.
PEOPLE = People(
    (Person("R. Lead", "dsl", "d-1", TENANT), Person("T. Teacher", "teacher", "t-1", TENANT))
)


def school(folder: Path, provider: Provider, environ: Mapping[str, str]) -> Home:
    """A real home without children, whose people sign in with this provider."""

    def fill(made: Home) -> None:
        keys = Keys.create(made, environ, holders={"R. Lead": PHRASE})
        PEOPLE.save(made, keys)
        Settings("Brook Lane", "R. Lead").save(made, keys)

    home = create_real(folder, fill)
    keys = Keys.load(home, environ)
    providers.write_section(home.folder / "settings.toml", keys, provider)
    providers.save_secret(keys, provider, "a secret of the client")
    return home


def entra_at(mock: Mock, tenant: str = TENANT) -> Provider:
    """The provider as the settings name it, where it plays Microsoft Entra."""
    return Provider("entra", mock.metadata_url, "app-1", tenant=tenant)


@contextmanager
def script_served(
    script: Path, home: Home, environ: Mapping[str, str], log: Path
) -> Iterator[Served]:
    """Our server with a script in place of the app, until the end of the block."""
    port = free_port()
    address = f"http://{HOST}:{port}"
    serve = write_server(f"server._APP = Path({str(script)!r})", home.folder, port)
    with started(serve, address, {**os.environ, **environ}, log) as found:
        yield found


def _wait(port: int) -> None:
    """Until the provider listens."""
    for _ in range(600):
        try:
            ask(port, "/")
        except ConnectionError:
            select.select([], [], [], 0.05)
        else:
            return
    raise AssertionError("the provider does not listen")
