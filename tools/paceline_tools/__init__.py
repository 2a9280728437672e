"""Paceline tools: virtual wearable, virtual radio, the whole line, benchmarks."""
