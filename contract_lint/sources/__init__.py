"""From the file system to text: which files there are, what they hold, and excerpts of them."""
