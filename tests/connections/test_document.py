"""The interface keeps what its OpenAPI document promises, whatever is sent."""

from collections.abc import Iterator

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.connections.conftest import System
from vang.config.wsgi import application
from vang.connections.api import api
from vang.connections.api.authentication import ASKING

PROMISES = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


def test_document_is_open_to_tools_and_names_every_operation(client: Client, db: None) -> None:
    document = client.get("/api/v1/openapi.json").json()
    assert set(document["paths"]) == {
        "/api/v1/units",
        "/api/v1/bulletins",
        "/api/v1/bulletins/{key}",
        "/api/v1/editions",
        "/api/v1/editions/{key}",
        "/api/v1/schedule",
        "/api/v1/as-run",
        "/api/v1/nodes",
    }


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """The server closes a connection inside a transaction, which is where a test's rows are."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


schema = schemathesis.openapi.from_dict(api.get_openapi_schema())
schema.app = application


@schema.parametrize()
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@pytest.mark.usefixtures("_one_connection")
def test_answers_fit_the_document(case: schemathesis.Case, system: System) -> None:
    ASKING.clear()
    case.call_and_validate(headers=system.headers, checks=PROMISES)
