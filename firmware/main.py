"""The wearable's firmware starts here."""

import asyncio

import board
from wearable.app import run

asyncio.run(run(board))
