"""Runs before main.py: memory is collected by the beat and when it is short, not by how much was taken meanwhile.

A threshold also counts the frames of larger functions, which MicroPython takes from the heap and gives back at once:
32 kB of them went by every few samples, and collecting cost as much as all the rest.
"""

import gc

gc.threshold(-1)
