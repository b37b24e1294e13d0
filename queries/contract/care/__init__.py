"""A child's time in care, as the school hears of it: reviews, changes, and times away."""
