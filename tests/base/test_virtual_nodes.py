"""A page asks for a virtual speaker; the supervisor takes each wish once."""

from pathlib import Path

from vang.base.virtual_nodes import WantedNode, free_home, take_wanted, want_node


def test_a_second_wish_takes_the_place_of_the_first(tmp_path: Path) -> None:
    want_node(tmp_path, WantedNode("20641-01", "AAAA"))
    want_node(tmp_path, WantedNode("20641-01", "BBBB"))
    want_node(tmp_path, WantedNode("20641-02", "CCCC"))
    assert [wanted.code for wanted in take_wanted(tmp_path)] == ["BBBB", "CCCC"]
    assert list(take_wanted(tmp_path)) == []


def test_nobody_else_reads_the_code(tmp_path: Path) -> None:
    want_node(tmp_path, WantedNode("20641-01", "AAAA"))
    (wish,) = (tmp_path / "nodes-wanted").iterdir()
    assert wish.stat().st_mode & 0o077 == 0


def test_what_cannot_be_read_or_lies_about_its_name_is_thrown_away(tmp_path: Path) -> None:
    assert list(take_wanted(tmp_path)) == []
    want_node(tmp_path, WantedNode("20641-01", "AAAA"))
    folder = tmp_path / "nodes-wanted"
    (folder / "broken").write_text("{")
    (folder / "other").write_text('{"cluster": "../../etc", "code": "X"}')
    assert [wanted.cluster for wanted in take_wanted(tmp_path)] == ["20641-01"]
    assert list(folder.iterdir()) == []


def test_a_speaker_that_enrolled_before_keeps_its_folder(tmp_path: Path) -> None:
    first = free_home(tmp_path, "20641-01")
    assert first == tmp_path / "nodes" / "20641-01"
    first.mkdir(parents=True)
    (first / "server.json").write_text("{}")
    assert free_home(tmp_path, "20641-01").name == "20641-01~2"
