"""The gateway as a service of systemd: its unit, its installation, what it tells the supervisor."""
