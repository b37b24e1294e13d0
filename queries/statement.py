"""The one place where SQL is put together from parts, for what takes no bound value.

Values are bound wherever DuckDB takes them.  It takes none for the name of a table, a
file that is attached or the words of a comment; those go through here.
"""

import re
from collections.abc import Callable, Sequence

_PART = re.compile(r"\{(\w+)(?::(\w+))?\}")


def format_sql(text: str, **parts: str | Sequence[str]) -> str:
    """`text` with its `{parts}` filled in.

    A part is a name, or several with commas between, and is quoted as one;
    `{part:literal}` is quoted as a text; `{part:own}` is SQL of our own files, as it is.
    KeyError for a part that is not given, or for another form.
    """

    def filled(match: re.Match[str]) -> str:
        given, form = parts[match[1]], _FORMS[match[2]]
        each = [given] if isinstance(given, str) else given
        return ", ".join(form(part) for part in each)

    return _PART.sub(filled, text)


def quote_literal(text: str) -> str:
    """`text` as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def quote_identifier(name: str) -> str:
    """`name` as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


_FORMS: dict[str | None, Callable[[str], str]] = {
    None: quote_identifier,
    "literal": quote_literal,
    "own": str,
}
