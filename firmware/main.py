"""The wearable's firmware starts here."""

import asyncio

import board
from wearable.start import run

asyncio.run(run(board))
