"""The command line."""

import time

#: The start of the command on the clock of time.monotonic. No large module is imported before it.
STARTED_AT = time.monotonic()
