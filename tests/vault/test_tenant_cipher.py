"""What belongs to a tenant, encrypted under derived keys."""

import secrets

import pytest

from gorax.vault import Damaged, KeyMissing, KeyRing, LocalKey, Sealed, TenantCipher

MESSAGE = b"what a run was given"
OLD, NEW = LocalKey("k1", secrets.token_bytes(32)), LocalKey("k2", secrets.token_bytes(32))


@pytest.fixture
def cipher() -> TenantCipher:
    return TenantCipher(KeyRing([OLD]))


@pytest.mark.parametrize("tenant", ["acme", None])
@pytest.mark.parametrize("message", [b"", MESSAGE, bytes(3_000_000)])
def test_what_is_sealed_opens(cipher: TenantCipher, tenant: str | None, message: bytes) -> None:
    sealed = cipher.seal(message, tenant)
    assert sealed.key_id == "k1"
    assert cipher.open(sealed, tenant) == message
    assert len(sealed.data) == len(message) + 48


def test_nothing_of_it_shows(cipher: TenantCipher) -> None:
    sealed = cipher.seal(MESSAGE, "acme")
    assert not any(MESSAGE[n : n + 4] in sealed.data for n in range(len(MESSAGE) - 3))


@pytest.mark.parametrize("reader", ["other", None, "acm", "acme2"])
def test_it_opens_for_its_tenant_alone(cipher: TenantCipher, reader: str | None) -> None:
    with pytest.raises(Damaged):
        cipher.open(cipher.seal(MESSAGE, "acme"), reader)
    with pytest.raises(Damaged):
        cipher.open(cipher.seal(MESSAGE, None), "acme")


def test_a_flipped_bit_anywhere_is_noticed(cipher: TenantCipher) -> None:
    sealed = cipher.seal(MESSAGE, "acme")
    for place in range(len(sealed.data)):
        data = bytearray(sealed.data)
        data[place] ^= 1 << place % 8
        with pytest.raises(Damaged):
            cipher.open(Sealed("k1", bytes(data)), "acme")
    for length in (0, 10, 32, 47, len(sealed.data) - 1):
        with pytest.raises(Damaged):
            cipher.open(Sealed("k1", sealed.data[:length]), "acme")


def test_two_ciphertexts_of_one_message_have_nothing_in_common(cipher: TenantCipher) -> None:
    one, other = (cipher.seal(MESSAGE, "acme").data for _ in range(2))
    assert one != other
    assert one[:32] != other[:32]


def test_in_one_place_the_same_message_gives_the_same(cipher: TenantCipher) -> None:
    def sealed(message: bytes, tenant: str, place: str, ring: KeyRing | None = None) -> bytes:
        return (TenantCipher(ring) if ring else cipher).seal(message, tenant, repeatable_in=place).data

    one = sealed(MESSAGE, "acme", "acme:exec_1")
    assert one == sealed(MESSAGE, "acme", "acme:exec_1")
    assert one == sealed(MESSAGE, "acme", "acme:exec_1", KeyRing([OLD, NEW]))
    assert cipher.open(Sealed("k1", one), "acme") == MESSAGE
    others = [
        sealed(MESSAGE + b"!", "acme", "acme:exec_1"),
        sealed(MESSAGE, "acme", "acme:exec_2"),
        sealed(MESSAGE, "other", "acme:exec_1"),
        sealed(MESSAGE, "acme", "acme:exec_1", KeyRing([NEW, OLD])),
    ]
    assert len({one[:32], *(other[:32] for other in others)}) == 5


def test_after_a_rotation_the_old_key_still_opens(cipher: TenantCipher) -> None:
    before = cipher.seal(MESSAGE, "acme")
    both = TenantCipher(KeyRing([NEW, OLD]))
    after = both.seal(MESSAGE, "acme")
    assert after.key_id == "k2"
    assert both.open(before, "acme") == both.open(after, "acme") == MESSAGE
    with pytest.raises(KeyMissing, match="the master key 'k2' is not in GORAX_MASTER_KEYS"):
        cipher.open(after, "acme")
    with pytest.raises(Damaged):
        both.open(Sealed("k1", after.data), "acme")
