"""What wearables say of themselves: boots, alerts, crashes."""
