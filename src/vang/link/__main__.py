"""``python -m vang.link --port 8001``."""

import argparse
from pathlib import Path

from vang.base.shards import USUAL
from vang.link.server import serve


def main() -> None:
    words = argparse.ArgumentParser(prog="vang.link", description="The push process of Vang.")
    words.add_argument("--bind", default="127.0.0.1")
    words.add_argument("--port", type=int, default=8001)
    words.add_argument("--data", type=Path, default=None, help="data folder (VANG_DATA)")
    words.add_argument("--web", default=None, help="address of the pages (VANG_WEB_URL)")
    words.add_argument("--name", default=USUAL, help="which of VANG_LINKS_FILE this is")
    given = words.parse_args()
    serve(bind=given.bind, port=given.port, data=given.data, web_url=given.web, name=given.name)


if __name__ == "__main__":
    main()
