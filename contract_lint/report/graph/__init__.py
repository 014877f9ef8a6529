"""Pipelines as graphs: what is drawn, and one module for each format."""
