"""What several tests of the server stand on."""

import pytest

from tests.support.clocks import Clock


@pytest.fixture
def clock() -> Clock:
    """Seconds that a test moves."""
    return Clock(1000.0)
