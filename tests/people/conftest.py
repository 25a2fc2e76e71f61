from tests.letters.conftest import post_office as post_office  # noqa: PLC0414 - a fixture
