"""How marimo puts an SQL cell to the marts."""

from typing import Any, ClassVar

import polars as pl
from marimo._sql import get_engines
from marimo._sql.engines.types import QueryEngine


class Marts(QueryEngine[Any]):
    """The marts of a `Lac`."""

    kind: ClassVar[type] = type(None)

    @property
    def source(self) -> str:
        """What the editor calls it."""
        return "lac"

    @property
    def dialect(self) -> str:
        """Whose SQL it is."""
        return "duckdb"

    @staticmethod
    def is_compatible(var: Any) -> bool:
        """Whether it is ours."""
        return isinstance(var, Marts.kind)

    def execute(self, query: str) -> pl.DataFrame:
        """Ask, as `Lac.sql` does, with its refusals."""
        rows: pl.DataFrame = self._connection.sql(query)
        return rows


def register(kind: type) -> None:
    """Let SQL cells of this process know what a `Lac` is: `kind`."""
    Marts.kind = kind
    if Marts not in get_engines.SUPPORTED_ENGINES:
        get_engines.SUPPORTED_ENGINES.insert(0, Marts)
