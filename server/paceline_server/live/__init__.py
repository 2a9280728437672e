"""Growth of live activities, fanned out to those who watch."""
