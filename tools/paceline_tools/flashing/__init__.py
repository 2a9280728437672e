"""From parts to a wearable that runs: flash layout, esptool, MicroPython's prompt, identity, self-test, flash dumps."""
