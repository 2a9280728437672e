"""Runs before main.py: memory is collected before it is short, so that pauses stay small."""

import gc

gc.threshold(32_768)
