"""What activities mean for the one who did them: judged by thresholds, and summed over time."""
