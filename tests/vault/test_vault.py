"""Envelopes: what opens them, and what does not."""

import pytest

from gorax.vault import Damaged, Envelope, KeyMissing, KeyRing, LocalKey, Vault

SECRET = b"example_4eC39HqLyjWDarjtT1zdp7dc"
CONTEXT = {"tenant": "acme", "credential": "cred_1", "version": "1"}


def key(name: str, byte: int = 1) -> LocalKey:
    """A master key; the same for the same byte."""
    return LocalKey(name, bytes([byte]) * 32)


def vault(*keys: LocalKey) -> Vault:
    """A vault with these keys, or with one."""
    return Vault(KeyRing(keys or [key("k1")]))


async def test_a_secret_comes_back() -> None:
    envelope = await vault().seal(SECRET, CONTEXT)
    assert envelope.key_id == "k1"
    assert SECRET not in envelope.ciphertext + envelope.wrapped_key
    assert await vault().open(envelope, dict(reversed(CONTEXT.items()))) == SECRET


async def test_no_two_envelopes_are_alike() -> None:
    first, second = [await vault().seal(SECRET, CONTEXT) for _ in range(2)]
    assert first.ciphertext != second.ciphertext
    assert first.wrapped_key != second.wrapped_key


@pytest.mark.parametrize(
    "context",
    [
        {**CONTEXT, "tenant": "other"},
        {**CONTEXT, "credential": "cred_2"},
        {**CONTEXT, "version": "2"},
        {**CONTEXT, "more": ""},
        # The same letters, cut elsewhere.
        {"tenant": "acmecredential", "cred_1": "version", "1": ""},
        {},
    ],
)
async def test_it_opens_nowhere_else(context: dict[str, str]) -> None:
    envelope = await vault().seal(SECRET, CONTEXT)
    with pytest.raises(Damaged, match="it was changed, or it is not where it belongs"):
        await vault().open(envelope, context)


async def test_any_flipped_bit_is_noticed() -> None:
    envelope = await vault().seal(b"secret", CONTEXT)
    for part in ("ciphertext", "wrapped_key"):
        sound: bytes = getattr(envelope, part)
        for position in range(len(sound)):
            for bit in range(8):
                broken = bytearray(sound)
                broken[position] ^= 1 << bit
                parts = {
                    "ciphertext": envelope.ciphertext,
                    "wrapped_key": envelope.wrapped_key,
                    part: bytes(broken),
                }
                with pytest.raises(Damaged):
                    await vault().open(Envelope(envelope.key_id, **parts), CONTEXT)


@pytest.mark.parametrize("length", [0, 1, 11, 12, 27])
async def test_what_is_cut_short_is_damaged(length: int) -> None:
    envelope = await vault().seal(SECRET, CONTEXT)
    for cut in (
        Envelope("k1", envelope.wrapped_key[:length], envelope.ciphertext),
        Envelope("k1", envelope.wrapped_key, envelope.ciphertext[:length]),
    ):
        with pytest.raises(Damaged):
            await vault().open(cut, CONTEXT)


async def test_the_parts_of_two_envelopes_do_not_fit() -> None:
    first, second = [await vault().seal(SECRET, CONTEXT) for _ in range(2)]
    with pytest.raises(Damaged):
        await vault().open(Envelope("k1", first.wrapped_key, second.ciphertext), CONTEXT)


async def test_a_lost_key_is_named() -> None:
    envelope = await vault(key("old", 1)).seal(SECRET, CONTEXT)
    with pytest.raises(KeyMissing, match="'old' is not in GORAX_MASTER_KEYS"):
        await vault(key("new", 2)).open(envelope, CONTEXT)
    with pytest.raises(Damaged):
        await vault(key("old", 3)).open(envelope, CONTEXT)


async def test_two_keys() -> None:
    old, new = key("old", 1), key("new", 2)
    before = await vault(old).seal(SECRET, CONTEXT)
    both = vault(new, old)
    assert await both.open(before, CONTEXT) == SECRET
    assert (await both.seal(SECRET, CONTEXT)).key_id == "new"
    after = await both.rewrap(before, CONTEXT)
    assert (after.key_id, after.ciphertext) == ("new", before.ciphertext)
    assert await vault(new).open(after, CONTEXT) == SECRET
    with pytest.raises(Damaged):
        await both.rewrap(before, {**CONTEXT, "tenant": "other"})


def test_derived_keys_are_apart() -> None:
    ring = KeyRing([key("new", 2), key("old", 1)])
    payloads = ring.derive("payloads of acme")
    assert payloads.key_id == "new"
    assert payloads == KeyRing([key("new", 2)]).derive("payloads of acme")
    others = [
        ring.derive("payloads of other"),
        ring.derive("payloads of acme", "old"),
        ring.derive("wrap data keys"),
    ]
    derived = [derived.key for derived in (payloads, *others)]
    assert len({*derived, bytes([2]) * 32, key("new", 2).derive("wrap data keys")}) == 6
    with pytest.raises(KeyMissing, match="'older' is not"):
        ring.derive("payloads of acme", "older")
