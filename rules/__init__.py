"""The built-in rules: one folder an area, one file a rule."""
