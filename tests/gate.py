"""The gate's settings in tests, as threshold.csv has them."""

from safeguards.disclosure import Limits

LIMITS = Limits(
    fewest=6,
    fewest_for_splits=10,
    small=5,
    narrowest=4,
    largest_share=0.5,
    seconds=30,
    atoms=100,
)
