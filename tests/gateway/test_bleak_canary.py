"""Does the bleak that is installed still have what the virtual radio's backend pretends, and what the gateway asks for?

When a new bleak breaks one of these, every test over the virtual radio may be green and mean nothing.
"""

import inspect
import sys
from collections.abc import Callable, Iterator
from typing import get_type_hints

import bleak
import bleak_retry_connector
import pytest
from bleak import BleakClient, BleakScanner
from bleak.args.bluez import BlueZDiscoveryFilters, BlueZNotifyArgs, BlueZScannerArgs
from bleak.backends.client import BaseBleakClient
from bleak.backends.scanner import BaseBleakScanner
from bumble.device import Device
from paceline_tools.radio.bleak_backend import VirtualAdapter, install_adapter
from paceline_tools.radio.bleak_client import VirtualClient
from paceline_tools.radio.bleak_scanner import VirtualScanner

ADDRESS = "F0:00:00:00:00:01"
SERVICE = "0000180d-0000-1000-8000-00805f9b34fb"
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="BlueZ is Linux's")


@pytest.fixture
def hooked() -> Iterator[None]:
    """The virtual adapter as this process's; nobody switches it on here."""

    async def none() -> Device:
        raise AssertionError("no test here goes on the air")

    uninstall = install_adapter(VirtualAdapter(none))
    yield
    uninstall()


def parameters(function: Callable[..., object]) -> dict[str, inspect.Parameter]:
    return dict(inspect.signature(function).parameters)


def accepts(ours: Callable[..., object], theirs: Callable[..., object]) -> list[str]:
    """Return the parameters of theirs that ours does not take in the same way."""
    mine = parameters(ours)
    takes_any = any(parameter.kind is parameter.VAR_KEYWORD for parameter in mine.values())
    wrong = []
    for name, parameter in parameters(theirs).items():
        if parameter.kind in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL):
            continue
        by_name = parameter.kind is parameter.KEYWORD_ONLY
        if name in mine:
            if not by_name and mine[name].kind is parameter.KEYWORD_ONLY:
                wrong.append(name)
        elif not (by_name and takes_any):
            wrong.append(name)
    return wrong


@pytest.mark.parametrize(("ours", "base"), [(VirtualClient, BaseBleakClient), (VirtualScanner, BaseBleakScanner)])
def test_the_backend_has_every_method_that_bleak_calls(ours: type, base: type) -> None:
    assert inspect.isabstract(base)
    assert not ours.__abstractmethods__
    for name, method in inspect.getmembers(base, inspect.isfunction):
        if name == "__init__":
            continue
        mine = getattr(ours, name)
        assert inspect.iscoroutinefunction(mine) == inspect.iscoroutinefunction(method), name
        assert accepts(mine, method) == [], name


def test_what_a_new_bleak_would_bring_is_found() -> None:
    def newer(device: str, tries: int, *, fast: bool, **options: object) -> None: ...
    def older(device: str, **options: object) -> None: ...
    def narrow(device: str, *, tries: int) -> None: ...

    assert accepts(older, newer) == ["tries"]
    assert accepts(narrow, newer) == ["tries", "fast"]
    assert accepts(newer, newer) == []


@on_linux
def test_the_backend_takes_what_the_real_one_on_linux_takes() -> None:
    from bleak.backends.bluezdbus.client import BleakClientBlueZDBus
    from bleak.backends.bluezdbus.scanner import BleakScannerBlueZDBus

    assert issubclass(BleakClientBlueZDBus, BaseBleakClient)
    assert issubclass(BleakScannerBlueZDBus, BaseBleakScanner)
    for name in BaseBleakClient.__abstractmethods__ - {"is_connected", "mtu_size"}:
        assert accepts(getattr(VirtualClient, name), getattr(BleakClientBlueZDBus, name)) in (
            [],
            ["dangerous_use_bleak_cache"],  # comes by name, and goes into the other options
        ), name
    assert accepts(VirtualScanner.__init__, BleakScannerBlueZDBus.__init__) == []


@pytest.mark.usefixtures("hooked")
def test_bleak_takes_its_backends_from_the_hook_and_calls_them_as_they_expect() -> None:
    scanner = BleakScanner(lambda _device, _data: None, service_uuids=[SERVICE])
    client = BleakClient(ADDRESS, disconnected_callback=lambda _client: None, services=[SERVICE], timeout=3)
    assert isinstance(scanner._backend, VirtualScanner)
    assert isinstance(client._backend, VirtualClient)
    assert client.backend_id == scanner.backend_id == "paceline-virtual"
    assert client.address == ADDRESS
    assert not client.is_connected


@pytest.mark.parametrize("name", ["get_platform_scanner_backend_type", "get_platform_client_backend_type"])
def test_without_the_hook_bleak_asks_the_platform(name: str) -> None:
    backend, _identifier = getattr(bleak, name)()
    assert issubclass(backend, (BaseBleakClient, BaseBleakScanner))
    assert not issubclass(backend, (VirtualClient, VirtualScanner))


def test_the_options_that_the_gateway_gives_exist() -> None:
    assert "use_start_notify" in get_type_hints(BlueZNotifyArgs)
    assert "filters" in get_type_hints(BlueZScannerArgs)
    assert "DuplicateData" in get_type_hints(BlueZDiscoveryFilters)
    assert {"bluez"} <= parameters(BleakClient.start_notify).keys()
    assert {"response"} <= parameters(BleakClient.write_gatt_char).keys()
    assert {"detection_callback", "service_uuids", "bluez"} <= parameters(BleakScanner.__init__).keys()


@on_linux
def test_bluez_still_tells_the_two_ways_of_notification_apart() -> None:
    from bleak.backends.bluezdbus.client import BleakClientBlueZDBus

    source = inspect.getsource(BleakClientBlueZDBus.start_notify)
    assert "use_start_notify" in source
    assert "AcquireNotify" in inspect.getsource(sys.modules[BleakClientBlueZDBus.__module__])


def test_the_retry_connector_takes_what_the_gateway_gives() -> None:
    wanted = {"client_class", "device", "name", "disconnected_callback", "max_attempts", "kwargs"}
    assert wanted <= parameters(bleak_retry_connector.establish_connection).keys()
    assert next(iter(parameters(bleak_retry_connector.close_stale_connections_by_address))) == "address"
    assert issubclass(bleak_retry_connector.BleakClientWithServiceCache, BleakClient)
