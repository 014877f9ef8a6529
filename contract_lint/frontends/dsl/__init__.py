"""Pipelines that are written as data: a YAML document with a list of steps, each with a name and the type of its builder."""
