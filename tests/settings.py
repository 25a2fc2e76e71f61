"""The installation's own settings on a throw-away folder and a fast password hash."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

os.environ["VANG_DATA"] = tempfile.mkdtemp(prefix="vang-tests-")
os.environ.setdefault("VANG_DATABASE_URL", os.environ.get("VANG_TEST_DATABASE_URL", ""))
os.environ["VANG_HOSTS"] = "testserver,127.0.0.1,localhost"

from vang.config.settings import *  # noqa: F403

SECRET_KEY = "tests-only"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TEST_DATA = Path(os.environ["VANG_DATA"])
atexit.register(shutil.rmtree, TEST_DATA, ignore_errors=True)
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # Django would take memory, where two threads cannot race as two processes do.
    DATABASES["default"]["TEST"] = {"NAME": str(TEST_DATA / "test.sqlite3")}  # noqa: F405
