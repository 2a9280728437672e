"""Names for viper's pointer types: its compiler knows them itself, CPython and the linters look them up here."""

from array import array

ptr8 = bytearray
ptr16 = array
ptr32 = array
