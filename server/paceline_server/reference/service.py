"""The document of the API as it is served: made once, when it is first asked for."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import orjson

from paceline_server.platform.etags import tag_of
from paceline_server.platform.gate import Row
from paceline_server.platform.openapi.document import document


class Reference:
    """The description of the rows of the routes' table; `version` is the server's."""

    def __init__(self, rows: Sequence[Row], version: str) -> None:
        self.rows = rows
        self.version = version

    def make(self) -> None:
        """Make what is not made yet."""
        _ = self.body, self.tag

    @cached_property
    def document(self) -> dict[str, Any]:
        """The OpenAPI document."""
        return document(self.rows, self.version)

    @cached_property
    def body(self) -> bytes:
        """The document as JSON."""
        return orjson.dumps(self.document)

    @cached_property
    def tag(self) -> str:
        """The document's tag."""
        return tag_of(self.document)
