"""Run as a process that is killed: tells a broker of one wearable until it ends. publish_for_ever.py PORT"""

import asyncio
import sys
from collections.abc import Mapping

from paceline_gateway.config import Broker, Wearable
from paceline_gateway.mqtt.home_assistant import Shown
from paceline_gateway.mqtt.publisher import Publisher

DEVICE_ID = bytes(range(8))


async def shown() -> Mapping[bytes, Shown]:
    return {DEVICE_ID: Shown(battery_percent=50)}


def main() -> None:
    wearables = {DEVICE_ID: Wearable(DEVICE_ID, bytes(32), "Ann")}
    asyncio.run(Publisher(Broker("127.0.0.1", int(sys.argv[1])), wearables, shown, lambda: 0.0).run())


if __name__ == "__main__":
    main()
