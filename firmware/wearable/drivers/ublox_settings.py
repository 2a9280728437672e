"""What a u-blox M10 is set to: keys and values of UBX-CFG-VALSET (interface description SPG 5.10, chapter 4.9).

The top nibble of a key tells the size of its value. Each group is one message, which the receiver takes or refuses as
a whole; all go to the RAM layer, so that a power cut of the receiver leaves it as delivered.
"""

import struct

UART1_BAUDRATE = 0x40520001
UART1OUTPROT_UBX = 0x10740001
UART1OUTPROT_NMEA = 0x10740002
MSGOUT_UBX_NAV_PVT_UART1 = 0x20910007
RATE_MEAS = 0x30210001  # ms
RATE_NAV = 0x30210002  # measurements per solution
NAVSPG_DYNMODEL = 0x20110021
NAVSPG_ACKAIDING = 0x10110025  # MGA messages are acknowledged
SIGNAL_GPS_ENA = 0x1031001F
SIGNAL_GPS_L1CA_ENA = 0x10310001
SIGNAL_SBAS_ENA = 0x10310020
SIGNAL_GAL_ENA = 0x10310021
SIGNAL_GAL_E1_ENA = 0x10310007
SIGNAL_BDS_ENA = 0x10310022
SIGNAL_BDS_B1_ENA = 0x1031000D
SIGNAL_BDS_B1C_ENA = 0x1031000F
SIGNAL_QZSS_ENA = 0x10310024
SIGNAL_GLO_ENA = 0x10310025
PM_OPERATEMODE = 0x20D00001

_WRIST = 9  # dynamic model: a swinging arm, up to 30 m/s
_FULL_POWER = 0
_CYCLIC_TRACKING = 2  # PSMCT: wakes up for each solution

# Without these there is no UBX solution: a receiver that refuses them is read as NMEA.
OUTPUT = ((UART1OUTPROT_UBX, 1), (UART1OUTPROT_NMEA, 0), (MSGOUT_UBX_NAV_PVT_UART1, 1))

# Better with them; a receiver that refuses a group is used without it.
RATE = ((RATE_MEAS, 1000), (RATE_NAV, 1))
NAVIGATION = ((NAVSPG_DYNMODEL, _WRIST),)
ASSISTANCE = ((NAVSPG_ACKAIDING, 1),)
# All on 1575.42 MHz, so that one path of the radio suffices: GLONASS and BeiDou B1I would need another.
SIGNALS = (
    (SIGNAL_GPS_ENA, 1),
    (SIGNAL_GPS_L1CA_ENA, 1),
    (SIGNAL_SBAS_ENA, 1),
    (SIGNAL_GAL_ENA, 1),
    (SIGNAL_GAL_E1_ENA, 1),
    (SIGNAL_BDS_ENA, 1),
    (SIGNAL_BDS_B1_ENA, 0),
    (SIGNAL_BDS_B1C_ENA, 1),
    (SIGNAL_QZSS_ENA, 1),
    (SIGNAL_GLO_ENA, 0),
)
FULL_POWER = ((PM_OPERATEMODE, _FULL_POWER),)
# The M10 saves power without BeiDou B1C, and downloads nothing from SBAS then (integration manual, 2.7.2).
SAVED_POWER = ((SIGNAL_SBAS_ENA, 0), (SIGNAL_BDS_ENA, 0), (SIGNAL_BDS_B1C_ENA, 0), (PM_OPERATEMODE, _CYCLIC_TRACKING))

WANTED = (("rate", RATE), ("navigation", NAVIGATION), ("assistance", ASSISTANCE), ("signals", SIGNALS))

# UBX-RXM-PMREQ: into software standby without end, woken by an edge on the UART (interface description, 3.16.11).
STANDBY = struct.pack("<B3xIII", 0, 0, 0x06, 0x08)

_FORMATS = (None, "<IB", "<IB", "<IH", "<II")


def pack(settings) -> bytes:
    """Return the keys and values of ((key, value), …) as VALSET takes them."""
    return b"".join([struct.pack(_FORMATS[key >> 28 & 7], key, value) for key, value in settings])
