"""How a child is: scores, health, and its own words."""
