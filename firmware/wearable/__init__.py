"""The wearable's firmware: sensors → samples → journal → Bluetooth."""
