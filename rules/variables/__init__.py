"""CL5xx: property files, conditions and parameters."""
