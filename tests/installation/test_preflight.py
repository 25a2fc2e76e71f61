"""Vang says in one sentence why it cannot start, and starts when the cause is gone."""

import os
import socket
from pathlib import Path

import pytest

from vang.installation.preflight import (
    CannotStart,
    check_port,
    free_port,
    lock_data_folder,
    prepare_data_folder,
)


def listening() -> socket.socket:
    server = socket.create_server(("127.0.0.1", 0))
    # As granian listens: a second bind would succeed and share the requests.
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    return server


def test_busy_port_is_refused_and_a_free_one_is_not() -> None:
    with listening() as server:
        port = server.getsockname()[1]
        with pytest.raises(CannotStart, match=f"Port {port} is already in use"):
            check_port("127.0.0.1", port)
    check_port("127.0.0.1", port)


def test_another_port_is_found_for_the_push_process() -> None:
    with listening() as server:
        port = server.getsockname()[1]
        assert free_port("127.0.0.1", preferred=port) not in {0, port}
    assert free_port("127.0.0.1", preferred=port) == port
    assert free_port("127.0.0.1") > 0


def test_address_of_another_computer_is_refused() -> None:
    with pytest.raises(CannotStart, match="not an address of this computer"):
        check_port("203.0.113.7", 8000)


def test_folder_below_a_file_cannot_be_the_data_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotStart, match="cannot be written"):
        prepare_data_folder(tmp_path / "file" / "data")
    prepare_data_folder(tmp_path / "data")
    assert list((tmp_path / "data").iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_read_only_folder_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(CannotStart, match="cannot be written"):
        prepare_data_folder(tmp_path)


def test_two_installations_never_share_a_data_folder(tmp_path: Path) -> None:
    first = lock_data_folder(tmp_path)
    with pytest.raises(CannotStart, match="already runs on the data folder"):
        lock_data_folder(tmp_path)
    first.handle.close()
    lock_data_folder(tmp_path).handle.close()
