"""What can be wrong with the guest."""


class GuestError(Exception):
    """The guest cannot be had, or does not do as asked; the text is one sentence for people."""
