"""A demo home, the dashboard on it as a person starts it, and a browser that was let in."""

import os
from collections.abc import Iterator
from typing import Any, Literal

import pytest

from tests.support import sizes
from tests.support.schools.homes import demo_home, keys_at
from tests.support.schools.real_home import at_full_cost
from tests.support.web.browsers import chromium
from tests.support.web.servers import serving


@pytest.fixture(autouse=True)
def guess() -> Iterator[None]:
    """A passphrase costs what it does in the dashboard's own process."""
    with at_full_cost():
        yield


def _as_long(*_: object, **__: object) -> Literal["package", "module"]:
    """A few quick tests share one home and one browser; the slow ones change what others ask."""
    return "package" if sizes.share() == "few" else "module"


@pytest.fixture(scope=_as_long)
def home(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = demo_home(tmp_path_factory.mktemp("browser") / "home")
    before = os.environ.get("LAC_KEYS")
    os.environ["LAC_KEYS"] = keys_at(folder)["LAC_KEYS"]
    yield folder
    if before is None:
        del os.environ["LAC_KEYS"]
    else:
        os.environ["LAC_KEYS"] = before


@pytest.fixture(scope=_as_long)
def served(home: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A dashboard as a person starts it; stopped in the end."""
    with serving(home, tmp_path_factory.mktemp("server") / "log.txt") as found:
        yield found


@pytest.fixture(scope=_as_long)
def address(served: Any) -> Any:
    return served.address


@pytest.fixture(scope=_as_long)
def session(served: Any) -> Any:
    """The cookie of the person who opened the link."""
    return {"name": served.cookie_name, "value": served.come_in(), "url": served.address}


@pytest.fixture(scope=_as_long)
def browser() -> Any:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope=_as_long)
def contexts(browser: Any, address: Any, session: Any) -> Any:
    """A person's browser of a width; a tab of each stays open, so that others start sooner."""
    opened: dict[int, Any] = {}

    def of(viewport: Any) -> Any:
        if viewport["width"] not in opened:
            context = browser.new_context(viewport=viewport, locale="en-GB")
            context.add_cookies([session])
            context.new_page().goto(f"{address}/help")
            opened[viewport["width"]] = context
        return opened[viewport["width"]]

    yield of
    for context in opened.values():
        context.close()
