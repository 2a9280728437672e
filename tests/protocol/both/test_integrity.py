"""Check sums and keys against published vectors; plain functions, run on both interpreters."""

from paceline_protocol.ctr import ctr_crypt
from paceline_protocol.integrity import crc16, hkdf_sha256, hmac_sha256, same_bytes
from protocol.both.aes import aes_ecb


def test_crc16_is_the_low_half_of_crc32():
    assert crc16(b"123456789") == 0xCBF43926 & 0xFFFF
    assert crc16(b"") == 0
    assert crc16(memoryview(bytearray(b"123456789"))) == 0x3926


def test_hmac_gives_the_vectors_of_rfc_4231():
    cases = (
        ("0b" * 20, "4869205468657265", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        (
            "4a656665",
            "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
        ("aa" * 20, "dd" * 50, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
        (
            "0102030405060708090a0b0c0d0e0f10111213141516171819",
            "cd" * 50,
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
        ),
        (
            "aa" * 131,
            b"Test Using Larger Than Block-Size Key - Hash Key First".hex(),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        ),
    )
    for key, message, code in cases:
        assert hmac_sha256(bytes.fromhex(key), bytes.fromhex(message)).hex() == code


def test_parts_are_one_message():
    whole = hmac_sha256(b"key", b"a message in parts")
    assert hmac_sha256(b"key", b"a mess", b"", memoryview(b"age in parts")) == whole


def test_hkdf_gives_the_vectors_of_rfc_5869():
    key = bytes.fromhex("0b" * 22)
    derived = hkdf_sha256(key, bytes.fromhex("000102030405060708090a0b0c"), bytes.fromhex("f0f1f2f3f4f5f6f7f8f9"), 42)
    assert derived.hex() == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    long = hkdf_sha256(bytes(range(0x50)), bytes(range(0x60, 0xB0)), bytes(range(0xB0, 0x100)), 82)
    assert long.hex() == (
        "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
        "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87"
    )
    bare = hkdf_sha256(key, b"", b"", 42)
    assert bare.hex() == "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"


def test_same_bytes_tells_equality():
    assert same_bytes(b"", b"")
    assert same_bytes(b"abc", bytearray(b"abc"))
    assert not same_bytes(b"abc", b"abd")
    assert not same_bytes(b"abc", b"ab")


NIST_KEY = "2b7e151628aed2a6abf7158809cf4f3c"
NIST_PLAIN = (
    "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
    "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710"
)
NIST_CIPHER = (
    "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff"
    "5ae4df3edbd5d35e5b4f09020db03eab1e031dda2fbe03d1792170a0f3009cee"
)


def test_counter_mode_gives_the_vectors_of_nist_sp_800_38a_f_5_1():
    ecb = aes_ecb(bytes.fromhex(NIST_KEY))
    prefix = bytes.fromhex("f0f1f2f3f4f5f6f7f8f9fafb")
    assert ctr_crypt(ecb, prefix, 0xFCFDFEFF, bytes.fromhex(NIST_PLAIN)).hex() == NIST_CIPHER
    assert ctr_crypt(ecb, prefix, 0xFCFDFEFF, bytes.fromhex(NIST_CIPHER)).hex() == NIST_PLAIN


def test_counter_mode_cuts_the_last_block():
    ecb = aes_ecb(bytes.fromhex(NIST_KEY))
    prefix = bytes.fromhex("f0f1f2f3f4f5f6f7f8f9fafb")
    for length in (0, 1, 15, 16, 17, 33):
        assert (
            ctr_crypt(ecb, prefix, 0xFCFDFEFF, bytes.fromhex(NIST_PLAIN)[:length])
            == bytes.fromhex(NIST_CIPHER)[:length]
        )
