"""Handshakes with wearables on behalf of browsers, which never get a wearable's key."""
