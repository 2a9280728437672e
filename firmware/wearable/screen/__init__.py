"""The screen: what the wearable shows on 128 × 64 pixels, and what its two buttons do there (docs/SCREENS.md)."""
