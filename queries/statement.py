"""The one place where SQL is put together from parts that cannot be bound.

Values are bound wherever DuckDB takes them.  It takes none for the name of a table, a file that is
attached or the words of a comment; those go through here.
"""

import re
from collections.abc import Callable, Sequence

_PART = re.compile(r"\{(\w+)(?::(\w+))?\}")


def format_sql(text: str, **parts: str | Sequence[str]) -> str:
    """Return `text` with its `{parts}` filled in.

    A part is a name, or several with commas between, and is quoted as one; `{part:literal}` is
    quoted as a text; `{part:own}` is SQL of our own files, as it is.  A KeyError means that a part
    is missing, or has another form.
    """

    def fill(match: re.Match[str]) -> str:
        value, form = parts[match[1]], _FORMS[match[2]]
        values = [value] if isinstance(value, str) else value
        return ", ".join(form(part) for part in values)

    return _PART.sub(fill, text)


def quote_literal(text: str) -> str:
    """Return `text` as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def quote_identifier(name: str) -> str:
    """Return `name` as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


_FORMS: dict[str | None, Callable[[str], str]] = {
    None: quote_identifier,
    "literal": quote_literal,
    "own": str,
}
