"""Work in a process of its own: what is heavy, or reads what strangers sent, cannot hold up or take down who asks."""
