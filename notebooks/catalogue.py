"""The connection from marimo's SQL cells to the marts, and to their names for completion."""

from typing import Any, ClassVar, Literal

import polars as pl
from marimo._data.models import Database, DataTable, DataTableColumn, Schema
from marimo._sql import get_engines
from marimo._sql.engines.types import (
    EngineCatalog,
    InferenceConfig,
    QueryEngine,
    default_inference_config,
)

_DATABASE, _SCHEMA = "lac", "marts"


class Catalogue(QueryEngine[Any], EngineCatalog[Any]):
    """The marts of a `Lac`, as one database with one schema."""

    kind: ClassVar[type] = type(None)

    @property
    def source(self) -> str:
        """The name of the connection in the editor."""
        return _DATABASE

    @property
    def dialect(self) -> str:
        """The dialect of SQL."""
        return "duckdb"

    @staticmethod
    def is_compatible(var: Any) -> bool:
        """Say whether a variable is a `Lac`."""
        return isinstance(var, Catalogue.kind)

    def execute(self, query: str) -> pl.DataFrame:
        """Run a query as `Lac.sql` does, with its refusals."""
        rows: pl.DataFrame = self._connection.sql(query)
        return rows

    @property
    def inference_config(self) -> InferenceConfig:
        """The default settings, which find all names at once: there are few."""
        return default_inference_config()

    def get_default_database(self) -> str:
        """Return the only database."""
        return _DATABASE

    def get_default_schema(self) -> str:
        """Return the only schema."""
        return _SCHEMA

    def get_databases(self, **_: bool | Literal["auto"]) -> list[Database]:
        """Return the only database, with its schema and tables."""
        marts = Schema(_SCHEMA, self.get_tables_in_schema())
        return [Database(_DATABASE, self.dialect, [marts], engine=self._engine_name)]

    def get_schemas(self, **_: Any) -> list[Schema]:
        """Return the only schema in a list."""
        return self.get_databases()[0].schemas

    def get_tables_in_schema(self, **_: Any) -> list[DataTable]:
        """Return every mart that the role may see, with its columns."""
        return [
            DataTable(
                source_type="connection",
                source=self.dialect,
                name=row["name"],
                num_rows=None,
                num_columns=len(row["columns"]),
                variable_name=None,
                columns=[DataTableColumn(name, "unknown", "", []) for name in row["columns"]],
                engine=self._engine_name,
                type="view",
            )
            for row in self._connection.marts().to_dicts()
        ]

    def get_table_details(self, *, table_name: str, **_: Any) -> DataTable | None:
        """Return the mart with this name, or None."""
        return next((mart for mart in self.get_tables_in_schema() if mart.name == table_name), None)


def register(kind: type) -> None:
    """Make SQL cells of this process accept variables of the type `kind`, which is `Lac`."""
    Catalogue.kind = kind
    if Catalogue not in get_engines.SUPPORTED_ENGINES:
        get_engines.SUPPORTED_ENGINES.insert(0, Catalogue)
