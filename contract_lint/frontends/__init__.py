"""Frontends: one module for each way in which contracts are written. They ask the evaluator and build the model."""
