"""What people and their monitors are told of a gateway: its state, alerts, health, metrics, the view in a terminal."""
