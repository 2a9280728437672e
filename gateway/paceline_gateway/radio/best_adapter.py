"""Which of several adapters hears a wearable best: what each heard of it lately, gathered for a moment."""

from paceline_gateway.radio.sighting import Sighting

GATHER_S = 1.0
"""From the first adapter that hears a wearable to the choice: time for the others to hear it too."""
FRESH_S = 5.0
"""What an adapter heard longer ago says nothing: it may have been unplugged."""


class BestAdapter:
    """Sightings in, the best one of each address out. Time is that of the caller."""

    def __init__(self) -> None:
        self._heard: dict[str, dict[str, tuple[float, Sighting]]] = {}

    def heard(self, sighting: Sighting, now_s: float) -> bool:
        """Remember it; return whether it is the first of its address since the last choice."""
        is_first = sighting.address not in self._heard
        self._heard.setdefault(sighting.address, {})[sighting.adapter] = now_s, sighting
        return is_first

    def choose(self, address: str, now_s: float) -> Sighting | None:
        """Return the strongest fresh sighting, with the weaker ones as its `others`, and forget them all."""
        ears = self._heard.pop(address, {})
        fresh = [sighting for heard_s, sighting in ears.values() if now_s - heard_s <= FRESH_S]
        fresh.sort(key=lambda sighting: sighting.rssi_dbm, reverse=True)
        return fresh[0].with_others(fresh[1:]) if fresh else None

    def forget(self) -> None:
        """Forget everything: nobody listens any more."""
        self._heard.clear()
