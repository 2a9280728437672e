"""The whole line on one machine: virtual wearable, virtual radio, gateway and server, each the real program."""
