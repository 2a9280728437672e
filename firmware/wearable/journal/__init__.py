"""The journal on flash: a ring of pages, written once, read from any position, whole after any power cut."""
