"""CL3xx: who feeds whom."""
