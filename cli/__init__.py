"""The command line."""

import time

#: When the command began, on the clock of time.monotonic: nothing of weight is imported before.
STARTED_AT = time.monotonic()
