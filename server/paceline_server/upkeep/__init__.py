"""Looking after a server: backup, restore, rebuild, the doctor's checks."""
