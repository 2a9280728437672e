"""The Bluetooth link; only this folder imports `bluetooth`."""
