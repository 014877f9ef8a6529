"""One config a step."""
