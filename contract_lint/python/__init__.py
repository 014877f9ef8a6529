"""From Python text to values, without importing it: parse, lower, evaluate."""
