"""The parts of a child's page: the facts, what needs a look, what is next, and the story."""
