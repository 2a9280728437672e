"""The server as a service of systemd: its unit, and what it tells the supervisor."""
