"""The register of breaches that earlier versions kept: it is read, and written no more."""

from typing import Any

from safeguards.errors import RightsError
from safeguards.journal.registers import SteppedRegister


class Breaches(SteppedRegister[dict[str, Any]]):
    """The breaches that a home has from then, each by the names that its steps gave."""

    FILE = "breaches.sealed"
    ROW = dict[str, Any]
    KEY = "breach_id"
    REFUSAL = RightsError
    MISSING = "There is no breach of that id."
