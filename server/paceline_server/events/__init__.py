"""What has happened and who has still to hear of it: written with the change itself, worked off until it is done."""
