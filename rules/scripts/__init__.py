"""CL6xx: scripts against what the builders that run them mount, set and pass."""
