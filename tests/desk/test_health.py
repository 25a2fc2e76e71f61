"""For those who watch over the server."""

from django.db import DatabaseError, connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries


def test_it_answers_everybody_and_tells_nothing_else(client: Client, db: None) -> None:
    response = client.get("/health")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert client.post("/health").status_code == 405


def test_a_database_that_does_not_answer_is_told(client: Client, db: None) -> None:
    def broken(*_: object) -> None:
        raise DatabaseError("disk I/O error at /secret/place")

    with connection.execute_wrapper(broken):
        response = client.get("/health")
    assert response.status_code == 503
    assert "secret" not in response.content.decode()
    assert client.get("/health").status_code == 200


def test_it_costs_one_query(
    client: Client, db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        client.get("/health")
