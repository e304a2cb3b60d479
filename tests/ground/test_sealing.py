import pytest

from earlyhelp.core import sealing


def test_what_is_sealed_opens_in_its_own_place():
    assert (
        sealing.unseal(sealing.seal("Refuge, 1 Hidden Lane", bound_to="address:1"), bound_to="address:1")
        == "Refuge, 1 Hidden Lane"
    )


def test_a_sealed_text_moved_to_another_row_is_refused():
    with pytest.raises(sealing.Unsealable):
        sealing.unseal(sealing.seal("secret", bound_to="address:1"), bound_to="address:2")


def test_an_altered_text_is_refused():
    sealed = bytearray(sealing.seal("secret", bound_to="a"))
    sealed[-1] ^= 1

    with pytest.raises(sealing.Unsealable):
        sealing.unseal(bytes(sealed), bound_to="a")


def test_a_text_under_a_key_no_longer_held_is_refused():
    with pytest.raises(sealing.Unsealable, match="no longer held"):
        sealing.unseal(b"retired:" + b"x" * 40, bound_to="a")


def test_the_same_text_sealed_twice_does_not_look_the_same():
    assert sealing.seal("secret", bound_to="a") != sealing.seal("secret", bound_to="a")
