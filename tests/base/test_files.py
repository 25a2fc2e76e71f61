"""Files that are whole or absent."""

from hashlib import sha256
from pathlib import Path

import pytest

from vang.base.files import FileStore, sha256_of_file, write_atomic


def test_a_written_file_is_whole_and_has_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "secret.key"
    write_atomic(path, b"secret", mode=0o600)
    assert path.read_bytes() == b"secret"
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_reader_keeps_the_old_file_while_a_new_one_comes(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    write_atomic(path, b"old")
    with path.open("rb") as reader:
        write_atomic(path, b"new and longer")
        assert reader.read() == b"old"
    assert path.read_bytes() == b"new and longer"


def test_a_write_that_fails_leaves_the_old_and_no_rest(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    write_atomic(path, b"old")
    with pytest.raises(TypeError):
        write_atomic(path, "not bytes")  # type: ignore[arg-type]
    assert path.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]


def test_what_stands_in_the_way_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "page.html").mkdir()
    with pytest.raises(OSError, match="directory"):
        write_atomic(tmp_path / "page.html", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]


def test_the_store_names_files_by_their_content(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    name = store.put(b"sound")
    assert name == sha256(b"sound").hexdigest() == sha256_of_file(store.path(name))
    assert store.path(name) == tmp_path / name[:2] / name
    assert store.has(name)
    assert store.read(name) == b"sound"


def test_the_same_content_is_stored_once(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    first = store.path(store.put(b"sound")).stat().st_ino
    assert store.path(store.put(b"sound")).stat().st_ino == first


@pytest.mark.parametrize("name", ["", "abc", "../" * 22, "A" * 64, "g" * 64, "a" * 63 + "/"])
def test_a_name_that_is_no_hash_leads_nowhere(tmp_path: Path, name: str) -> None:
    store = FileStore(tmp_path)
    with pytest.raises(ValueError, match="SHA-256"):
        store.path(name)
    with pytest.raises(FileNotFoundError):
        store.read("a" * 64)
