"""Looking after a server: backup, restore, recompute, the doctor's checks."""
