"""A small Debian in QEMU with a kernel, BlueZ and Python of its own: there the gateway meets the real thing."""
