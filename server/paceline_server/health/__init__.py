"""What was eaten, and a day as a whole: energy in and out, steps, sleep, weight and its trend."""
