"""docs/PROTOCOL.md says what the code does."""

from paceline_protocol import alias, code_tables, errors, gatt, handshake, messages, secure_channel
from protocol.document_tables import DOCS, assert_code_tables_agree, assert_layouts_agree, numbered, section, table

TEXT = (DOCS / "PROTOCOL.md").read_text()


def test_messages_are_specified_as_they_are_encoded() -> None:
    assert_layouts_agree("PROTOCOL.md", dict(messages.MESSAGES))


def test_every_message_is_specified() -> None:
    written = numbered("PROTOCOL.md")
    assert set(written) == set(messages.MESSAGES)
    for number, (name, _) in written.items():
        assert getattr(messages, name) == number


def test_the_service_is_specified() -> None:
    rows = {row[0]: row for row in table(section("PROTOCOL.md", "## GATT service"))}
    assert {name: row[1] for name, row in rows.items()} == {
        "service": gatt.SERVICE_UUID,
        "info": gatt.INFO_UUID,
        "control": gatt.CONTROL_UUID,
        "data": gatt.DATA_UUID,
    }
    assert rows["service"][3].endswith(gatt.ADVERTISED_NAME_PREFIX)
    assert rows["info"][3] == " ‖ ".join(f"{name} {form}" for name, form in gatt.INFO.fields)


def test_errors_are_specified() -> None:
    written = {}
    for number, names, *_ in table(section("PROTOCOL.md", "## Errors")):
        written.update({name: int(number) for name in names.split(", ")})
    assert written == errors.LINK_ERROR_NUMBERS


def test_codes_are_specified() -> None:
    assert_code_tables_agree(section("PROTOCOL.md", "### Codes"), code_tables)
    for name in ("start", "stop", "lap", "pause", "resume"):
        number = code_tables.ACTIONS.index(name)
        assert number == getattr(messages, "MARK_LAP" if name == "lap" else name.upper())


def test_keys_are_specified_as_they_are_cut() -> None:
    rows = table(section("PROTOCOL.md", "## Frames"))
    cut = [bytes(range(int(offset), int(offset) + int(size))) for offset, size, _ in rows]
    to_wearable, to_gateway = secure_channel.link_keys(bytes(32), bytes(16), bytes(16))
    whole = secure_channel.hkdf_sha256(bytes(32), bytes(32), secure_channel.KEY_INFO, 96)
    keys = [to_wearable.cipher_key, to_wearable.mac_key, to_gateway.cipher_key, to_gateway.mac_key]
    assert [whole[part[0] : part[-1] + 1] for part in cut] == keys
    assert sum(len(part) for part in cut) == len(whole)


def test_sizes_and_labels_are_specified() -> None:
    assert f"Link version **{messages.LINK_VERSION}**" in TEXT
    assert f'info = "{secure_channel.KEY_INFO.decode()}"' in TEXT
    assert f'"{handshake.DEVICE_PROOF_LABEL.decode()}"' in TEXT
    assert f'"{handshake.GATEWAY_PROOF_LABEL.decode()}"' in TEXT
    assert f'"{alias.ALIAS_LABEL.decode()}"' in TEXT and f"first {alias.ALIAS_SIZE - alias.SALT_SIZE} bytes" in TEXT
    assert f"A frame adds {secure_channel.FRAME_OVERHEAD} bytes" in TEXT
    assert f"MTU − {messages.DATA_OVERHEAD} bytes" in TEXT
    assert f"at least {messages.MIN_MTU} before" in TEXT


def test_every_message_but_the_long_ones_fits_the_smallest_mtu() -> None:
    att, sealed = 3, secure_channel.FRAME_OVERHEAD
    for layout in dict(messages.MESSAGES).values():
        text = 60 if layout.name == "ERROR" else 0
        assert att + sealed + 1 + layout.size + text <= messages.MIN_MTU, layout.name
