"""Which link serves which commune, and settings that cannot be used."""

from pathlib import Path

import pytest

from vang.base.shards import Directory, Shard, ShardsUnfit, one_link, read_directory

CODES = [f"{code:05}" for code in range(20_000, 23_000)]


def links(*names: str) -> Directory:
    return Directory(tuple(Shard(name, f"wss://{name}/link", "") for name in names))


def written(folder: Path, text: str) -> Path:
    file = folder / f"links-{abs(hash(text))}.toml"
    file.write_text(text)
    return file


def row(name: str, more: str = "") -> str:
    return f'[[link]]\nname = "{name}"\naddress = "wss://{name}.vn/link"\ninternal = "http://127.0.0.1:1"\n{more}\n'


def test_communes_are_shared_out_evenly_and_always_alike() -> None:
    directory = links("a", "b", "c")
    shares = [sum(directory.of_unit(code).name == name for code in CODES) for name in "abc"]
    assert sum(shares) == 3_000
    assert min(shares) > 850
    assert [links("c", "a", "b").of_unit(code).name for code in CODES] == [
        directory.of_unit(code).name for code in CODES
    ]


def test_a_further_link_takes_its_share_and_moves_no_other_commune() -> None:
    before, after = links("a", "b"), links("a", "b", "c")
    moved = [code for code in CODES if before.of_unit(code) != after.of_unit(code)]
    assert {after.of_unit(code).name for code in moved} == {"c"}
    assert 850 < len(moved) < 1_150


def test_a_commune_that_is_named_goes_where_it_is_named(tmp_path: Path) -> None:
    more = (
        'brokers = ["mqtts://a.vn", "mqtts://b.vn:8884"]\ncommunes = ["20641"]\n'
        'ca = "/etc/ssl/certs/ca-certificates.crt"'
    )
    directory = read_directory(written(tmp_path, row("north") + row("south", more)))
    south = directory.named("south")
    assert directory.of_unit("20641") == south
    assert [(one.name, one.host, one.port) for one in south.brokers] == [
        ("a", "a.vn", 8883), ("b", "b.vn", 8884),
    ]  # fmt: skip
    assert south.user == "@south"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[[link]]",
        "link = 1",
        row("a") + row("a"),
        row("a", 'communes = ["1"]') + row("b", 'communes = ["1"]'),
        row("a", 'brokers = ["mqtts://x.vn"]') + row("b", 'brokers = ["mqtts://x.vn:8883"]'),
        row("a", 'brokers = ["mqtt://x.vn"]'),
        row("a", 'brokers = ["mqtts://x.vn:port"]'),
        row("a", "unknown = 1"),
        row("not a name"),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused_in_words(tmp_path: Path, text: str) -> None:
    with pytest.raises(ShardsUnfit, match=r"links-|broker's address"):
        read_directory(written(tmp_path, text))


def test_a_name_that_is_not_there_is_answered_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(ShardsUnfit, match=r"no link named 'x': a, b"):
        links("a", "b").named("x")
    missing = one_link(address="", internal="", ca=str(tmp_path / "none"))
    with pytest.raises(ShardsUnfit, match="cannot be read"):
        missing.named("link").ca_text()
    with pytest.raises(ShardsUnfit, match="At most 4"):
        one_link(address="", internal="", brokers=["mqtts://x.vn"] * 5)
