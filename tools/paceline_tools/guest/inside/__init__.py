"""What runs inside the guest, by its own Python: nothing of ours can be imported here."""
