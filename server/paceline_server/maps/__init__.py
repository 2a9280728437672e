"""The ground under routes out of a file of the operator's own."""
