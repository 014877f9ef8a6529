"""CL4xx: the pipeline as a graph."""
