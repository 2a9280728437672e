"""What somebody is told: once each, in an inbox, and by the channels that were chosen."""
