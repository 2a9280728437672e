"""What should be on a wearable (settings, plan, GPS assistance, firmware), and what it last said of itself."""
