"""The home page: a page of activities, and what stands beside it."""
