"""Tells a broker how the wearables are, in Home Assistant's words: the only part of the gateway that speaks MQTT."""
