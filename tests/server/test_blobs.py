"""Blobs in a folder and in a bucket: named by their content, checked when read; a store that is away says so."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from paceline_server.platform.blob_bucket import BlobBucket, BlobStoreError
from paceline_server.platform.blob_folder import BlobFolder
from paceline_server.platform.blobs import BlobDamagedError, Blobs, Store, blob_key, open_blobs, place_of, sum_of
from server.bucket import answering, running_bucket, surroundings

ONE, TWO = (hashlib.sha256(data).hexdigest() for data in (b"one", b"two"))
FORBIDDEN = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    with running_bucket() as address:
        yield address


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """An empty store of each kind."""
    if request.param == "folder":
        return BlobFolder(tmp_path)
    for name, value in surroundings(request.getfixturevalue("bucket")).items():
        monkeypatch.setenv(name, value)
    return BlobBucket(f"s3://blobs/{tmp_path.name}")


def test_a_blob_lies_under_its_content_beside_the_one_before(store: Store) -> None:
    blobs = Blobs(store)
    assert blobs.put("telemetry/a/b", b"one") == ONE
    assert blobs.put("telemetry/a/b", b"two") == TWO
    assert blobs.put("telemetry/a/b", b"two") == TWO
    assert blobs.get("telemetry/a/b", ONE) == b"one" and blobs.get("telemetry/a/b", TWO) == b"two"
    assert blobs.has("telemetry/a/b", ONE) and not blobs.has("telemetry/a/b", "")
    blobs.put("telemetry/other/b", b"")
    assert blobs.keys("telemetry/a/") == sorted([f"telemetry/a/b.{ONE}", f"telemetry/a/b.{TWO}"])
    assert len(blobs.keys("telemetry/")) == 3
    for _ in range(2):
        blobs.delete(blob_key("telemetry/a/b", ONE))
    assert blobs.get("telemetry/a/b", ONE) is None and blobs.get("telemetry/a/b", TWO) == b"two"
    assert blobs.changed_at_s(blob_key("telemetry/a/b", ONE)) is None


def test_a_blob_lies_at_another_place_too(store: Store) -> None:
    blobs = Blobs(store)
    blobs.put("imports/a/b", b"one")
    for _ in range(2):  # whoever was stopped in between does so again
        blobs.link("imports/a/b", ONE, "originals/a/file")
    blobs.delete(blob_key("imports/a/b", ONE))
    assert blobs.get("originals/a/file", ONE) == b"one"
    blobs.put("imports/a/b", b"one")
    store.put(f"originals/a/file.{ONE}", b"damaged")
    blobs.link("imports/a/b", ONE, "originals/a/file")
    assert blobs.get("originals/a/file", ONE) == b"one"
    with pytest.raises(FileNotFoundError):
        blobs.link("imports/a/b", TWO, "originals/a/file")


def test_a_file_is_copied_or_goes_where_nobody_needs_it(store: Store, tmp_path: Path) -> None:
    blobs, file = Blobs(store), tmp_path / "came"
    file.write_bytes(b"one")
    assert blobs.put_file("imports/a/b", file) == ONE and file.read_bytes() == b"one"
    assert blobs.move_file("imports/a/c", file) == ONE and not file.exists()
    file.write_bytes(b"two")
    assert blobs.move_file("imports/a/c", file, TWO) == TWO and not file.exists()
    assert blobs.get("imports/a/b", ONE) == blobs.get("imports/a/c", ONE) == b"one"
    assert blobs.get("imports/a/c", TWO) == b"two"


def test_damage_is_one_clear_error_and_a_blob_of_an_older_program_is_taken_as_it_is(store: Store) -> None:
    blobs = Blobs(store)
    blobs.put("telemetry/a/b", b"one")
    for wrong in (b"onE", b"", b"one more"):
        store.put(f"telemetry/a/b.{ONE}", wrong)
        with pytest.raises(BlobDamagedError, match=f"telemetry/a/b.{ONE} is damaged"):
            blobs.get("telemetry/a/b", ONE)
    blobs.put("telemetry/a/b", b"one")
    assert blobs.get("telemetry/a/b", ONE) == b"one"
    store.put("telemetry/a/old", b"old")
    assert blobs.get("telemetry/a/old", "") == b"old"


def test_a_key_names_its_place_and_its_sum() -> None:
    for sha256 in (ONE, ""):
        key = blob_key("telemetry/a/b-c", sha256)
        assert (place_of(key), sum_of(key)) == ("telemetry/a/b-c", sha256)


def test_a_folder_keeps_nothing_of_a_put_but_the_blob(tmp_path: Path) -> None:
    Blobs(BlobFolder(tmp_path)).put("telemetry/a/b", b"one")
    assert [path.name for path in (tmp_path / "telemetry/a").iterdir()] == [f"b.{ONE}"]


@pytest.mark.parametrize("place", ["", "../x", "a/../b", "/a", "a//b", "A", ".hidden", "a/"])
def test_a_key_cannot_leave_the_store(tmp_path: Path, place: str) -> None:
    with pytest.raises(ValueError, match="not a blob key"):
        Blobs(BlobFolder(tmp_path)).put(place, b"")


@pytest.mark.parametrize("answer", [b"", FORBIDDEN, None], ids=["silent", "refusing", "down"])
def test_a_bucket_that_is_away_is_one_error_without_secrets(
    answer: bytes | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(answer or b"") as address:
        for name, value in (surroundings(address) | {"AWS_SECRET_ACCESS_KEY": "hush"}).items():
            monkeypatch.setenv(name, value)
        if answer is not None:
            ask_everything()
    if answer is None:
        ask_everything()


def ask_everything() -> None:
    blobs = Blobs(BlobBucket("s3://blobs", timeout_s=0.3, tries_s=0.3))
    for ask in (
        lambda: blobs.put("telemetry/a/b", b"one"),
        lambda: blobs.get("telemetry/a/b", ONE),
        lambda: blobs.has("telemetry/a/b", ONE),
        lambda: blobs.keys("telemetry/"),
        lambda: blobs.delete("telemetry/a/b"),
    ):
        with pytest.raises(BlobStoreError, match="the blob store s3://blobs fails") as failure:
            ask()
        assert "hush" not in str(failure.value) and "\n" not in str(failure.value)


def test_a_url_that_is_no_bucket_is_refused(tmp_path: Path) -> None:
    for url in ("gs://x", "blobs", "file:///x"):
        with pytest.raises(BlobStoreError, match="blob_url is s3://"):
            open_blobs(tmp_path, url)
