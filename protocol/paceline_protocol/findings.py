"""What a reader finds wrong with a journal."""

# Problem.code → what it means; docs/JOURNAL.md has the same table. Only "torn" leaves a receipt whole.
PROBLEMS = {
    "header": "a page header is damaged",
    "magic": "no journal page lies where one should",
    "blank": "an erased page lies where a page should",
    "version": "a page has a format version that is not known",
    "number": "a page carries another number than its place",
    "epoch": "a page belongs to another epoch",
    "record": "a record is damaged, and what follows it in its page is lost",
    "seal": "bytes were altered: a seal does not fit",
    "unsealed": "bytes cannot be verified: the header with their seal is missing or unreadable",
    "beyond": "records lie behind the end that the next page's header seals",
    "gap": "bytes are missing",
    "torn": "a power cut left an unfinished record behind the page's end; it is no part of the journal",
    "tail": "the last record held is damaged or unfinished; the next page's header will tell which",
}


class Problem:
    """A finding about the journal's bytes from `position` up to `end`."""

    def __init__(self, position: int, end: int, code: str, text: str) -> None:
        self.position = position
        self.end = end
        self.code = code
        self.text = text

    def __repr__(self) -> str:
        return f"{self.code} at {self.position}: {self.text}"
