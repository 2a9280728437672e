"""`paceline-gateway doctor`: looks at all that a gateway needs, and says what to do about what is missing."""
