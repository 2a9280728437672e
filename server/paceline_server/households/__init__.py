"""Households: people who share wearables, and whose a slot of one is, from when until when."""
