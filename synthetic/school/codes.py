"""The attendance codes that the made-up school writes.

Kept here and not read from the code lists: what intake accepts must not decide what a
school sends.
"""

#: The codes in use, by number; 0 is a blank.
CODES: tuple[str, ...] = (
    "", "/", "\\", "L", "B", "K", "P", "V",
    "C", "C2", "E", "I", "M", "R", "T",
    "G", "N", "O", "U",
    "D", "Y", "Y1", "Y4", "#",
)  # fmt: skip

BLANK = 0

_NUMBERS = {code: number for number, code in enumerate(CODES)}
_FIRST_YEAR_OF_NEW_CODES = 2024

#: What was written before 19 August 2024 where there is now a code of its own.
_BEFORE = {"C2": "C", "K": "B", "Y1": "Y", "Y4": "Y"}


def get_code_number(code: str, start: int = _FIRST_YEAR_OF_NEW_CODES) -> int:
    """The number of a code, or of the older one in use in the academic year `start`."""
    if start < _FIRST_YEAR_OF_NEW_CODES:
        code = _BEFORE.get(code, code)
    return _NUMBERS[code]
