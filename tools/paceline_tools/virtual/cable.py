"""The host's end of the cable to a board's process (frames: board/silicon/cable.py)."""

import asyncio
import json
import struct
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

_HEAD = struct.Struct("<IH")
_LONGEST = 1 << 20

Result = tuple[Any, bytes]
CallHandler = Callable[[str, list[Any], bytes], Awaitable[Result]]


class Cable:
    """One board's connection. `on_call` answers its calls; an OSError it raises reaches the firmware by number."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        on_call: CallHandler,
        on_report: Callable[[dict[str, Any]], None],
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._on_call = on_call
        self._on_report = on_report
        self._asked: dict[int, asyncio.Future[Any]] = {}
        self._questions = 0

    async def serve(self) -> None:
        """Handle the board's frames until it is gone."""
        try:
            while True:
                header, payload = await self._receive()
                if "call" in header:
                    await self._answer(header, payload)
                elif "report" in header:
                    self._on_report(header["report"])
                elif "answer" in header:
                    question = self._asked.pop(header["answer"], None)
                    if question is not None and not question.done():
                        question.set_result(header["result"])
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            for question in self._asked.values():
                question.cancel()
            self._writer.close()

    def interrupt(self, event: int, arguments: Sequence[Any]) -> None:
        """Raise a bluetooth event; byte strings among the arguments arrive as memoryviews."""
        self._interrupt(event, arguments, {})

    async def ask(self, event: int, arguments: Sequence[Any], limit_s: float = 10.0) -> Any:
        """Raise an event and give what the firmware's handler returned; TimeoutError when it does not return."""
        self._questions += 1
        number = self._questions
        question = self._asked[number] = asyncio.get_running_loop().create_future()
        self._interrupt(event, arguments, {"id": number})
        async with asyncio.timeout(limit_s):
            return await question

    def command(self, name: str, arguments: dict[str, Any]) -> None:
        """Turn a knob on the bench."""
        self._send({"bench": name, "arguments": arguments}, b"")

    def _interrupt(self, event: int, arguments: Sequence[Any], extra: dict[str, Any]) -> None:
        views = [[i, len(item)] for i, item in enumerate(arguments) if isinstance(item, bytes)]
        payload = b"".join(item for item in arguments if isinstance(item, bytes))
        plain = [None if isinstance(item, bytes) else item for item in arguments]
        self._send({"irq": event, "arguments": plain, "views": views, **extra}, payload)

    async def _answer(self, header: dict[str, Any], payload: bytes) -> None:
        try:
            result, data = await self._on_call(header["call"], header["arguments"], payload)
        except OSError as error:
            self._send({"reply": header["id"], "errno": error.errno or 5}, b"")
            return
        self._send({"reply": header["id"], "result": result}, data)

    async def _receive(self) -> tuple[dict[str, Any], bytes]:
        length, header_length = _HEAD.unpack(await self._reader.readexactly(_HEAD.size))
        if not 2 + header_length <= length <= _LONGEST:
            raise ConnectionError(f"frame of {length} bytes with a header of {header_length}")
        body = await self._reader.readexactly(length - 2)
        return json.loads(body[:header_length]), body[header_length:]

    def _send(self, header: dict[str, Any], payload: bytes) -> None:
        if self._writer.is_closing():
            return
        text = json.dumps(header).encode()
        self._writer.write(_HEAD.pack(2 + len(text) + len(payload), len(text)) + text + payload)
