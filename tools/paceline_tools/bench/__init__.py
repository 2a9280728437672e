"""Benchmarks: every figure measured in one run and printed beside its baseline and its goal."""
