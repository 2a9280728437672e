"""Files of other devices and platforms ⇄ Recording: bytes in, Recording out, no I/O."""
