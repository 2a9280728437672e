# pyright: reportMissingImports=false, reportMissingParameterType=false
"""NVS keeps what was committed, and answers as the ESP32 port does."""

import os

import esp32
from silicon import bench

bench.config = {"state": ".", "partitions": []}


def fresh(namespace="laws"):
    try:
        os.remove("nvs.json")
    except OSError:
        pass
    return esp32.NVS(namespace)


def refused(call, number):
    try:
        call()
    except OSError as error:
        assert error.errno == number, error.errno
    else:
        raise AssertionError("it was taken")


def test_numbers_and_blobs_come_back():
    nvs = fresh()
    nvs.set_i32("count", -7)
    nvs.set_blob("key", b"\x00\xff abc")
    buffer = bytearray(8)
    assert nvs.get_i32("count") == -7
    assert nvs.get_blob("key", buffer) == 6 and bytes(buffer[:6]) == b"\x00\xff abc"


def test_only_what_was_committed_is_kept():
    nvs = fresh()
    nvs.set_i32("a", 1)
    nvs.commit()
    nvs.set_i32("a", 2)
    assert nvs.get_i32("a") == 2
    assert esp32.NVS("laws").get_i32("a") == 1
    refused(lambda: esp32.NVS("other").get_i32("a"), -0x1102)


def test_absent_mistaken_and_too_long_are_errors():
    nvs = fresh()
    refused(lambda: nvs.get_blob("none", bytearray(4)), -0x1102)
    refused(lambda: nvs.erase_key("none"), -0x1102)
    nvs.set_blob("blob", b"12345")
    refused(lambda: nvs.get_i32("blob"), -0x1102)
    refused(lambda: nvs.get_blob("blob", bytearray(4)), -0x110C)
    refused(lambda: nvs.set_i32("a key of sixteen", 1), -0x1109)


def test_a_partition_that_is_absent_is_not_found():
    assert esp32.Partition.find(esp32.Partition.TYPE_DATA, label="nowhere") == []
    refused(lambda: esp32.Partition("nowhere"), 2)
