"""Which addresses may be written to."""

import ipaddress
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vang.base.outside import is_public, target_of
from vang.base.refusals import Refusal


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("", "bad-address"),
        ("example.vn/vang", "bad-address"),
        ("https://", "bad-address"),
        ("https://user:secret@example.vn/", "bad-address"),
        ("https://example.vn/#part", "bad-address"),
        ("https://example.vn:99999/", "bad-address"),
        ("https://exa mple.vn/", "bad-address"),
        ("https://ví-dụ.vn/", "bad-address"),
        ("https://example.vn/" + "x" * 500, "bad-address"),
        ("http://example.vn/", "not-https"),
        ("ftp://example.vn/", "not-https"),
        ("file:///etc/passwd", "bad-address"),
        ("gopher://example.vn:70/_x", "not-https"),
        ("https://example.vn:25/", "bad-port"),
        ("https://example.vn:22/", "bad-port"),
        ("https://127.0.0.1/", "inside"),
        ("https://[::1]/", "inside"),
        ("https://localhost/", "inside"),
        ("https://LOCALHOST/", "inside"),
        ("https://localhost./", "inside"),
        ("https://board.local/", "inside"),
        ("https://10.0.0.7/", "inside"),
        ("https://169.254.169.254/latest/meta-data/", "inside"),
        ("https://[::ffff:127.0.0.1]/", "inside"),
        ("https://[64:ff9b::7f00:1]/", "inside"),
        ("https://[64:ff9b:1:7f00:0:100::]/", "inside"),
        ("https://[64:ff9b:1::8.8.8.8]/", "inside"),
        ("https://[::ffff:0:127.0.0.1]/", "inside"),
        ("https://[fec0::1]/", "inside"),
        ("https://[fd00::1]/", "inside"),
        ("https://[2002:7f00:1::]/", "inside"),
        ("https://[fe80::1]/", "inside"),
        ("https://0.0.0.0/", "inside"),
    ],
)
def test_refused(url: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        target_of(url, ())
    assert refused.value.code == code


@pytest.mark.parametrize(
    "url",
    [
        "https://example.vn/vang",
        "https://example.vn:8443/",
        "https://1.1.1.1/",
        "https://a.vn:2000",
    ],
)
def test_taken(url: str) -> None:
    assert not target_of(url, ()).inside


def test_who_runs_the_server_may_allow_one_neighbour_and_only_that_port() -> None:
    assert target_of("http://10.0.0.7:9000/x", {"10.0.0.7:9000"}).inside
    with pytest.raises(Refusal):
        target_of("http://10.0.0.7:9001/x", {"10.0.0.7:9000"})
    with pytest.raises(Refusal):
        target_of("gopher://10.0.0.7:9000/x", {"10.0.0.7:9000"})


PRIVATE = ("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
           "0.0.0.0", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1")  # fmt: skip


@pytest.mark.parametrize("inner", PRIVATE)
def test_a_private_address_stays_private_however_it_is_wrapped(inner: str) -> None:
    four = ipaddress.IPv4Address(inner)
    assert not is_public(four)
    for wrapped in (
        f"::ffff:{inner}",
        f"::{inner}",
        f"64:ff9b::{inner}",
        str(ipaddress.IPv6Address((0x2002 << 112) | (int(four) << 80))),
    ):
        assert not is_public(ipaddress.ip_address(wrapped)), wrapped


@given(st.ip_addresses(v=4))
def test_mapped_and_plain_are_judged_alike(four: ipaddress.IPv4Address) -> None:
    assert is_public(ipaddress.ip_address(f"::ffff:{four}")) == is_public(four)
    assert not (is_public(four) and (four.is_private or four.is_loopback or four.is_link_local))


@given(st.text(max_size=80))
def test_whatever_is_typed_is_taken_or_refused_in_words(url: str) -> None:
    scheme = "https"
    with suppress(Refusal):
        scheme = target_of(f"https://{url}", ()).scheme
    assert scheme == "https"
