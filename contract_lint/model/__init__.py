"""What the linter reasons about: places, findings, property paths, ports and contracts. Everything here is immutable."""
