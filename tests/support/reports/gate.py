"""The gate's settings in tests: those of threshold.csv."""

from queries import read
from safeguards.disclosure import Limits

LIMITS = Limits.from_thresholds(read.get_default_threshold)
