"""The builder makes what a board takes: all of the staged firmware that may be updated, compiled for it."""

import io
from pathlib import Path

import pytest
from firmware.bundle_maker import make
from paceline_protocol.bundle import MAX_TOTAL, REQUIRED, Bundle
from paceline_tools import line_origins
from paceline_tools.bundle import (
    BundleBuildError,
    Target,
    compile_firmware,
    firmware_version,
    main,
    mpy_number,
    pack_body,
    seal,
)
from paceline_tools.factory_image import merged_firmware
from paceline_tools.stage import SOURCE, staged_files

KEY = bytes(range(32))


def test_the_command_makes_a_bundle_of_everything_for_the_board(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "key").write_text(KEY.hex() + "\n")
    out = tmp_path / "out.bundle"
    assert main([str(out), "--device-key-file", str(tmp_path / "key")]) == 0
    data = out.read_bytes()
    assert f"{len(data)} bytes" in capsys.readouterr().out
    bundle = Bundle(io.BytesIO(data), bytearray(512))
    bundle.check_tag(KEY)
    bundle.check_target("esp32s3", 0x2B06, bytes(firmware_version()))
    held = {path for path, _, _ in bundle.entries()}
    merged = merged_firmware()
    assert held == {f"{name[:-3]}.mpy" for name in merged.texts}
    assert held >= {*REQUIRED, "wearable/app.mpy", "wearable/update/install.mpy"} and "main.mpy" not in held
    assert line_origins.read((tmp_path / "out.bundle.lines").read_text()) == merged.lines
    assert main([str(tmp_path / "body")]) == 0
    assert (tmp_path / "body").read_bytes() == data[:-32], "the body is the same for every device"


def test_it_packs_what_the_document_says() -> None:
    files = {
        "lib/paceline_protocol/__init__.mpy": b"",
        "wearable/start.mpy": b"M\x06 start",
        "wearable/__init__.mpy": b"M\x06",
    }
    for older in (False, True):
        body = pack_body(files, Target("esp32s3", 0x2B06, (1, 2, 3), older))
        assert seal(body, KEY) == make(files, mpy=0x2B06, firmware=b"\1\2\3", flags=int(older))


def test_what_a_board_would_refuse_is_not_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(BundleBuildError, match="too much"):
        pack_body({f"wearable/a{i}.mpy": bytes(60_000) for i in range(MAX_TOTAL // 60_000 + 1)}, _target())
    with pytest.raises(BundleBuildError, match="too much"):
        pack_body({"wearable/a.mpy": bytes(70_000)}, _target())
    (tmp_path / "key").write_text("12")
    with pytest.raises(SystemExit):
        main([str(tmp_path / "out"), "--device-key-file", str(tmp_path / "key")])
    assert "64 hexadecimal digits" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_file_that_does_not_compile_is_named(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for name, origin in staged_files(SOURCE):
        target = tmp_path / {"lib/": "protocol/"}.get(name[:4], "firmware/") / name.removeprefix("lib/")
        if name == "board.py":
            target = tmp_path / "firmware/boards/esp32s3/board.py"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(origin.read_bytes())
    (tmp_path / "firmware" / "wearable" / "totals.py").write_text("def broken(:\n")
    with pytest.raises(BundleBuildError, match=r"wearable/totals\.py: does not compile for xtensawin"):
        compile_firmware("xtensawin", source=tmp_path)
    assert "SyntaxError" in capfd.readouterr().err


def test_the_interpreters_number_is_made_from_version_and_architecture() -> None:
    assert mpy_number("xtensawin") == 0x2B06
    with pytest.raises(BundleBuildError, match="z80"):
        mpy_number("z80")


def _target() -> Target:
    return Target("esp32s3", 0x2B06, (0, 1, 0))
