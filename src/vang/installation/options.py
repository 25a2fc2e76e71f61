"""The words of ``./run``."""

import argparse
from dataclasses import dataclass
from pathlib import Path

MOST_NODES = 50


@dataclass(frozen=True)
class RunOptions:
    """What to start and where."""

    data: Path
    port: int
    nodes: int
    bind: str
    empty: bool


def add_run_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``vang run``."""
    parser.add_argument("--data", type=Path, default=None, help="data folder (default: ./data)")
    parser.add_argument("--port", type=_port, default=8000, help="port of the pages (8000)")
    parser.add_argument("--bind", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument(
        "--nodes", type=_nodes, default=None, help="virtual speaker nodes (3; none with --empty)"
    )
    parser.add_argument(
        "--empty", action="store_true", help="a real installation, without demonstration data"
    )
    once = parser.add_mutually_exclusive_group()
    once.add_argument(
        "--once", type=Path, metavar="FILE", help="do the whole job for one text file and exit"
    )
    once.add_argument(
        "--once-alert", type=Path, metavar="FILE",
        help="let two people send the exercise of one JSON file, prove what was heard, and exit",
    )  # fmt: skip
    parser.add_argument("--section", help="with --once: only the section of this number, as I")


def read_run_options(arguments: argparse.Namespace, default_data: Path) -> RunOptions:
    """The options of a lasting run."""
    nodes = arguments.nodes
    if nodes is None:
        nodes = 0 if arguments.empty else 3
    data = (arguments.data or default_data).expanduser().resolve()
    return RunOptions(data, arguments.port, nodes, arguments.bind, arguments.empty)


def _port(text: str) -> int:
    port = int(text)
    if not 1 <= port <= 65_535:
        raise argparse.ArgumentTypeError("a port lies between 1 and 65535")
    return port


def _nodes(text: str) -> int:
    nodes = int(text)
    if not 0 <= nodes <= MOST_NODES:
        raise argparse.ArgumentTypeError(f"between 0 and {MOST_NODES} virtual nodes")
    return nodes
