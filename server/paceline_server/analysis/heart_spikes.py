"""Heart rates that no heart has: spikes and drop-outs of a sensor, taken out before anything is reckoned.

A heart takes seconds for every few beats a minute. So a jump of more than 20 bpm that is faster than 6 bpm a second,
and is back within 20 s, is the sensor's; so are values outside of 30 to 230 bpm. These bounds are our own choice.
Limits: a spike that lasts longer is believed, and a sensor that counts steps in place of beats is not seen. The
recording keeps what was recorded.
"""

from statistics import median

import numpy as np

from paceline_server.analysis.by_row import between, known_rows
from paceline_server.formats.recording import Column

LOWEST_BPM, HIGHEST_BPM = 30.0, 230.0
JUMP_BPM, JUMP_BPM_S = 20.0, 6.0
LONGEST_S = 20.0
BACK_BPM = 15.0
_BEFORE_ROWS = 7


def without_spikes(time_s: Column, bpm: Column) -> Column:
    """Return the heart rate with NaN in place of spikes and drop-outs; the same array when there are none."""
    steps = np.abs(between(bpm))
    if len(steps) and steps.max() <= JUMP_BPM and bpm.min() >= LOWEST_BPM and bpm.max() <= HIGHEST_BPM:
        return bpm  # the most of all: a NaN anywhere fails every comparison
    with np.errstate(invalid="ignore"):
        wrong = (bpm < LOWEST_BPM) | (bpm > HIGHEST_BPM)
    if wrong.any():
        bpm = np.where(wrong, np.nan, bpm)
    known = known_rows(bpm)
    if len(known) < 3:
        return bpm
    values, seconds = bpm[known], time_s[known]
    step = np.abs(between(values))
    jumps = np.flatnonzero((step > JUMP_BPM) & (step > JUMP_BPM_S * between(seconds)))
    if len(jumps) == 0:
        return bpm
    spikes = np.zeros(len(known), bool)
    clear = 0  # up to here all was looked at
    for jump in jumps.tolist():
        if jump < clear:
            continue
        level = median(values[max(clear, jump - _BEFORE_ROWS + 1) : jump + 1].tolist())
        end = int(seconds.searchsorted(seconds[jump] + LONGEST_S, "right"))
        back = np.abs(values[jump + 1 : end] - level) <= BACK_BPM
        if back.any():
            clear = jump + 1 + int(back.argmax())
            spikes[jump + 1 : clear] = True
    cleaned = bpm.copy()
    cleaned[known[spikes]] = np.nan
    return cleaned
