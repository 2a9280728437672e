"""Accounts: who may log in."""
