"""The virtual radio: Bumble controllers on one paced link with faults, and bleak on top of it."""
