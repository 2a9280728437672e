"""Steps: evidence for walking is added up second by second, and steps are the measured rate over the time walked.

Until it is certain the steps are only held; with certainty they are credited, without it they are dropped. While the
evidence falls, too, steps are held: what comes after the last step of a walk is dropped in the same way.
"""

from .step_evidence import STILL, likely_rate

_CERTAIN = 100  # evidence at which walking begins …
_TOP = 130  # … above which it is not added up …
_OVER = 20  # … and at which walking is over
_CREDIT = 1  # evidence of one second with which the steps held until then are credited
_SURE_RHYTHM = 70  # per cent: with half of the evidence its rate is shown; it covers the seconds before, too
_HELD_S = 60  # at most so many seconds are credited at once
_LEAD_S = 1  # seconds of movement before the evidence rose that a sure rhythm is credited

_STEP = 60 * 16  # seconds × rate
_GOOD = 52  # per cent of a perfect repetition: the rate is taken as it is
_FAIR = 42  # and from here on when it is near the last one
_HOLD_S = 6  # the last rate holds for so long,
_FADE_S = 25  # then counts half beside the likely one for so long
_NEVER_S = 99


class StepCounter:
    """`steps` since it was made and `spm`, the measured steps a minute (0: still, no rhythm or not certain enough)."""

    def __init__(self) -> None:
        self.steps = 0
        self._counted = 0  # less than a step
        self.restart()

    def restart(self) -> None:
        """Forget the walk; `steps` stays."""
        self.walking = False
        self.spm = 0
        self._evidence = 0
        self._forget()
        self._lead_s = 0

    def second(self, weight: int, peak: int, level: int, rate: int, quality: int) -> None:
        """Take a second: its evidence, largest and mean size in milli-g, rate in 1/16 a minute, quality in per cent."""
        self._follow(rate, quality)
        now = self._evidence = min(max(self._evidence + weight, 0), _TOP)
        moved = peak >= STILL
        if now == 0:
            self._forget()
            self._lead_s = min(self._lead_s + 1, _LEAD_S) if moved else 0
        elif moved:
            self._hold(level)
        if self.walking:
            if now <= _OVER:
                self.walking = False
                self._forget()
        elif now >= _CERTAIN:
            self._begin(level, quality)
        if self.walking and (weight >= _CREDIT or now == _TOP):
            self._credit()
        self._show(moved, quality)

    def _follow(self, rate: int, quality: int) -> None:
        self._age_s = min(self._age_s + 1, _NEVER_S)
        if rate == 0:
            return
        last = self._rate
        if quality >= _GOOD and 10 * abs(2 * rate - last) < last:
            rate *= 2  # both steps together repeat better for a while: nobody falls to half the rate at once
        near = 5 * abs(rate - last) < last
        if quality >= _GOOD:
            self._rate = (last + rate) >> 1 if near else rate
            self._age_s = 0
        elif quality >= _FAIR and near and self._age_s < _FADE_S:
            self._rate = (3 * last + rate) >> 2
            self._age_s = min(self._age_s, _HOLD_S // 2)

    def _hold(self, level: int) -> None:
        if self._rate == 0 and not self.walking:
            self._unrated_s = min(self._unrated_s + 1, _HELD_S)
            return
        if self._held_s == _HELD_S:
            self._held -= self._held // _HELD_S  # one of them goes as one comes
        else:
            self._held_s += 1
        self._held += self._unrated_s * self._rate
        self._unrated_s = 0
        if self._age_s < _HOLD_S:
            self._held += self._rate
        elif self._age_s < _FADE_S:
            self._held += (self._rate + likely_rate(level)) >> 1
        else:
            self._held += likely_rate(level)

    def _begin(self, level: int, quality: int) -> None:
        self.walking = True
        lead_s = self._lead_s if quality >= _SURE_RHYTHM else 0
        self._held += (lead_s + self._unrated_s) * (self._rate or likely_rate(level))
        self._unrated_s = 0

    def _credit(self) -> None:
        self._counted += self._held
        self._held = self._held_s = 0
        self.steps += self._counted // _STEP
        self._counted %= _STEP

    def _forget(self) -> None:
        self._held = 0  # steps not yet credited, in seconds × rate
        self._held_s = 0
        self._unrated_s = 0  # seconds of movement before the first rate
        self._rate = 0
        self._age_s = _NEVER_S

    def _show(self, moved: bool, quality: int) -> None:
        known = moved and self._rate > 0 and self._age_s < _HOLD_S
        early = 2 * self._evidence >= _CERTAIN and quality >= _SURE_RHYTHM
        self.spm = (self._rate + 8) >> 4 if known and (self.walking or early) else 0
