"""What the arrays of a Recording say: numpy in, numbers out, no I/O."""
