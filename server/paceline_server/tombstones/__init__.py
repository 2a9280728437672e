"""What was deleted: kept from coming back for ever, and for some time ready to be restored."""
