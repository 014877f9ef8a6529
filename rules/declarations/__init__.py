"""CL1xx: one step's contract against itself."""
