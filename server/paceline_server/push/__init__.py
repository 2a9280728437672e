"""Web push: notices to the browsers that somebody let in, by the push services of their makers."""
