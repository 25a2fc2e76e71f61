"""``python -m vang.link --port 8001``."""

import argparse
import os
from pathlib import Path

from vang.link.server import serve


def main() -> None:
    words = argparse.ArgumentParser(prog="vang.link", description="The push process of Vang.")
    words.add_argument("--bind", default="127.0.0.1")
    words.add_argument("--port", type=int, default=int(os.environ.get("VANG_LINK_PORT", "8001")))
    words.add_argument("--data", type=Path, default=Path(os.environ.get("VANG_DATA", "data")))
    words.add_argument("--web", default=os.environ.get("VANG_WEB_URL", "http://127.0.0.1:8000"))
    given = words.parse_args()
    serve(bind=given.bind, port=given.port, data=given.data, web_url=given.web)


if __name__ == "__main__":
    main()
