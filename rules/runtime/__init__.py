"""CL8xx: what is known while a pipeline is defined against what is known while it runs."""
