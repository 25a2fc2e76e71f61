"""What must hold before anything is started: each failure is one clear sentence."""

import fcntl
import os
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import IO


class CannotStart(Exception):
    """Vang cannot start; the text says why and what to do."""


@dataclass(frozen=True)
class Lock:
    """Keeps a second Vang off the same data folder for as long as it lives."""

    handle: IO[str]


def check_port(bind: str, port: int) -> None:
    """Raises CannotStart when something already listens there.

    Granian listens with SO_REUSEPORT, so binding a second time would succeed and silently share
    the requests: the check binds without it.
    """
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
        except OSError as error:
            raise CannotStart(_why_not(bind, port, error)) from error


def _why_not(bind: str, port: int, error: OSError) -> str:
    if isinstance(error, PermissionError):
        return f"Port {port} may only be used by root; choose another with --port."
    if isinstance(error, socket.gaierror) or error.errno == 99:  # EADDRNOTAVAIL
        return f"{bind} is not an address of this computer; correct --bind."
    return f"Port {port} is already in use; stop what uses it or choose another with --port."


def free_port(bind: str, *, preferred: int = 0) -> int:
    """``preferred`` when it is given and free, else one that the system gives."""
    try:
        if preferred:
            check_port(bind, preferred)
            return preferred
    except CannotStart:
        pass
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.bind((bind, 0))
        return int(probe.getsockname()[1])


def prepare_data_folder(data: Path) -> None:
    """Make the folder when it is absent. Raises CannotStart when nothing can be written in it."""
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o750)
        trial = data / f".writable-{os.getpid()}"
        trial.write_bytes(b"")
        trial.unlink()
    except OSError as error:
        raise CannotStart(
            f"The data folder {data} cannot be written ({error.strerror}); "
            "choose another with --data or correct its owner."
        ) from error


def lock_data_folder(data: Path) -> Lock:
    """Raises CannotStart when another Vang runs on the same folder."""
    handle = (data / "vang.lock").open("a+")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        handle.close()
        raise CannotStart(
            f"Vang already runs on the data folder {data}; stop it or choose another with --data."
        ) from error
    return Lock(handle)
