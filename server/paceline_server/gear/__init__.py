"""Shoes, bikes and their parts: how far they went, and when they are worn out."""
