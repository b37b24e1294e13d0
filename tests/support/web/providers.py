"""A provider for tests.

The provider is oidc-provider-mock, in a process of its own.  It answers at "localhost",
which is another site than the dashboard's 127.0.0.1, as a school's provider is.
"""

import json
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safeguards.access.provider import Provider
from tests.support.web.servers import ask, free_port

TENANT = "11111111-2222-3333-4444-555555555555"
AT = "/.well-known/openid-configuration"
ENTRA = Provider(
    "entra", f"https://login.microsoftonline.com/{TENANT}/v2.0{AT}", "app-1", tenant=TENANT
)
GOOGLE = Provider(
    "google", f"https://accounts.google.com{AT}", "app-2", hosted_domain="school.example"
)


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


@contextmanager
def mock_provider(log: Path) -> Iterator[Mock]:
    """Run the provider until the end of the block."""
    port = free_port()
    options = ("--require-nonce=true", "--port", str(port))
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", *options]
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


def entra_at(mock: Mock, tenant: str = TENANT) -> Provider:
    """The provider as the settings name it, where it plays Microsoft Entra."""
    return Provider("entra", mock.metadata_url, "app-1", tenant=tenant)


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
