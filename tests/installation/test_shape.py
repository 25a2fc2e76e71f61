"""Servers load beside the set-up only when it has nothing to change."""

from pathlib import Path

from vang.installation.shape import is_set_up, note_set_up


def test_fresh_folder_is_not_set_up_and_a_noted_one_is(tmp_path: Path) -> None:
    assert not is_set_up(tmp_path, "")
    note_set_up(tmp_path, "")
    assert is_set_up(tmp_path, "")


def test_another_database_or_other_code_is_set_up_first(tmp_path: Path) -> None:
    note_set_up(tmp_path, "")
    assert not is_set_up(tmp_path, "postgresql://vang@db/vang")
    (tmp_path / "shape").write_text("of an earlier version")
    assert not is_set_up(tmp_path, "")
