"""What goes wrong where blobs lie."""


class BlobStoreError(Exception):
    """The store of the blobs does not answer, or refuses; holds no secret."""
