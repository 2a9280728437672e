"""The hardware of the virtual board: clock, flash, chips at register level, and the cable to the host process."""
