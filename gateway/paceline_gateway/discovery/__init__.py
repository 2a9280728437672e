"""Finds the server by what it announces in the local network: the only part of the gateway that speaks mDNS."""
