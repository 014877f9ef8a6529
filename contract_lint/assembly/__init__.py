"""Who feeds whom: the matcher and the order of a pipeline's steps."""
