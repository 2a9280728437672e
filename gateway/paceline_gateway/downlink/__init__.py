"""What the server wants on the wearable: fetched and kept on disk, so that it is there when the wearable comes home."""
