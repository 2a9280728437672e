"""The Paceline gateway: pulls journals over BLE and uploads them."""
