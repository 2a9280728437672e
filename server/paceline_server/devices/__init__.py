"""Wearables: whose they are, and under which key they seal their journals."""
