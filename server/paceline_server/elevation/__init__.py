"""Heights of the ground, where nothing or nothing good was recorded: tiles, where they come from, what follows."""
