"""The parts of ``lower``: one module a family of syntax, each walking libcst and ast in step."""
