"""CL2xx: properties of steps and their types."""
