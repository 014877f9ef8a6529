"""CL0xx: the run itself."""
