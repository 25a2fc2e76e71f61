"""Every staff page with 30, 300 and 3,000 communes: how long it takes, how many queries it asks.

Sizes: ×1 is 30 communes, 3,000 bulletins and 30,000 rows of the as-run log; ×10 on SQLite; ×100 on
a private PostgreSQL. The pages are those that the addresses name: a page that this script cannot
open fails the run, so that no new page is forgotten. Each is opened through Django's handler with
all middleware, in one process a database, for people of different communes; the sizes take turns,
so that a busy machine slows all of them alike. ``growth`` compares ×100 with ×1 of PostgreSQL.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2026, 6, 10, 5, 0, tzinfo=UTC)  # 12:00 in Vietnam, among the demonstration's plays
AIM_MS, AIM_QUERIES = 150, 12
COMMUNES = 30  # ×1


# ---- the coordinator


@dataclass
class Town:
    """One filled database with the process that opens its pages."""

    name: str
    communes: int
    process: subprocess.Popen[str]
    folder: tempfile.TemporaryDirectory[str]

    def ask(self, question: dict[str, Any]) -> dict[str, Any]:
        self.send(question)
        return self.hear()

    def send(self, question: dict[str, Any]) -> None:
        if self.process.stdin is None:
            raise RuntimeError("the process has no pipes")
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()

    def hear(self) -> dict[str, Any]:
        answer = self.process.stdout.readline() if self.process.stdout else ""
        if not answer:
            raise SystemExit(f"{self.name}: the process ended")
        told: dict[str, Any] = json.loads(answer)
        return told


def start(name: str, communes: int, database: str) -> Town:
    folder = tempfile.TemporaryDirectory(prefix="vang-bench-pages-")
    environment = {
        **os.environ,
        "VANG_DATA": folder.name,
        "VANG_DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "vang.config.settings",
        "PYTHONPATH": str(ROOT / "benches"),
    }
    process = subprocess.Popen(
        [sys.executable, __file__, "--open", str(communes)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    return Town(name, communes, process, folder)


def new_database(name: str) -> str:
    """A database of its own in the private cluster; without a cluster, SQLite."""
    address = os.environ["VANG_TEST_DATABASE_URL"]
    import psycopg

    host = address.partition("host=")[2]
    with psycopg.connect(f"host={host} user=vang dbname=postgres", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    return f"postgresql://vang@/{name}?host={host}"


def measure(scale: int, rounds: int) -> dict[str, Any]:
    towns = [
        start("sqlite-1", COMMUNES, ""),
        start(f"sqlite-{scale // 10}", COMMUNES * scale // 10, ""),
        start("postgresql-1", COMMUNES, new_database("small")),
        start(f"postgresql-{scale}", COMMUNES * scale, new_database("large")),
    ]
    for town in towns:
        town.send({"do": "fill"})
    made = {town.name: town.hear() for town in towns}
    pages = towns[0].ask({"do": "pages"})["pages"]
    seen: dict[str, dict[str, dict[str, Any]]] = {town.name: {} for town in towns}
    for page in pages:
        samples: dict[str, list[dict[str, Any]]] = {town.name: [] for town in towns}
        for turn in range(rounds):
            for town in towns:
                samples[town.name].append(town.ask({"do": "open", "page": page, "turn": turn}))
        for town in towns:
            seen[town.name][page] = _summary(samples[town.name])
    for town in towns:
        town.process.terminate()
        town.process.wait()
        town.folder.cleanup()
    return _verdict(made, seen, scale)


def _summary(samples: list[dict[str, Any]]) -> dict[str, Any]:
    """The first opening of a page warms templates and is left out."""
    took = sorted(sample["ms"] for sample in samples[1:])
    return {
        "p50_ms": round(statistics.median(took), 1),
        "p95_ms": round(took[min(len(took) - 1, round(0.95 * len(took)))], 1),
        "queries": max(sample["queries"] for sample in samples),
        "cpu_ms": round(statistics.median(sample["cpu_ms"] for sample in samples[1:]), 1),
    }


def _verdict(
    made: dict[str, Any], seen: dict[str, dict[str, dict[str, Any]]], scale: int
) -> dict[str, Any]:
    large, small = seen[f"postgresql-{scale}"], seen["postgresql-1"]
    of_all = {(town, page): told for town, pages in seen.items() for page, told in pages.items()}
    slowest = max(of_all, key=lambda key: of_all[key]["p95_ms"])
    asking = max(of_all, key=lambda key: of_all[key]["queries"])
    growth = {page: round(large[page]["p50_ms"] / small[page]["p50_ms"], 2) for page in large}
    steepest = max(growth, key=lambda page: growth[page])
    return {
        "bench": "pages",
        "worst_p95_ms": of_all[slowest]["p95_ms"],
        "worst_p95_page": " ".join(slowest),
        "worst_queries": of_all[asking]["queries"],
        "worst_queries_page": " ".join(asking),
        "worst_growth": growth[steepest],
        "worst_growth_page": steepest,
        "median_growth": round(statistics.median(growth.values()), 2),
        "pages": len(large),
        "above_aim": sorted(
            f"{town} {page}: {told['p95_ms']} ms, {told['queries']} queries"
            for (town, page), told in of_all.items()
            if told["p95_ms"] > AIM_MS or told["queries"] > AIM_QUERIES
        ),
        "aim": f"p95 ≤ {AIM_MS} ms, ≤ {AIM_QUERIES} queries",
        "made": made,
        "seen": seen,
    }


# ---- the process that fills one database and opens its pages


NOT_FOR_STAFF = ("api", "pages/", "static", "link")
"""Beginnings of addresses that other programs or residents open."""


@dataclass(frozen=True)
class Page:
    """A view by name; ``parameters`` are those of its address."""

    view: str
    parameters: tuple[str, ...]


def staff_pages() -> list[Page]:
    """Every named address that is not for programs or residents."""
    from django.urls import get_resolver

    from page_samples import NO_PAGES

    found = _walk(get_resolver(), "", "")
    pages = {page.view: page for page in found if page.view not in NO_PAGES}
    return sorted(pages.values(), key=lambda page: page.view)


def _walk(resolver: Any, prefix: str, namespace: str) -> Iterator[Page]:
    for pattern in resolver.url_patterns:
        address = prefix + str(pattern.pattern)
        if address.startswith(NOT_FOR_STAFF):
            continue
        if hasattr(pattern, "url_patterns"):
            inner = ":".join(part for part in (namespace, pattern.namespace) if part)
            yield from _walk(pattern, address, inner)
        elif pattern.name:
            view = ":".join(part for part in (namespace, pattern.name) if part)
            yield Page(view, tuple(pattern.pattern.converters))


class Opener:
    """Opens pages as people of one commune after the other."""

    def __init__(self, communes: int) -> None:
        self.communes = communes
        self.clients: dict[int, Any] = {}
        self.pages_by_name = {page.view: page for page in staff_pages()}

    def fill(self) -> dict[str, Any]:
        import many_communes

        began = time.perf_counter()
        many_communes.make(self.communes, now=NOW)
        return {**many_communes.counts(), "seconds": round(time.perf_counter() - began)}

    def pages(self) -> dict[str, Any]:
        """What GET opens; POST-only addresses are no pages, and neither are ways out."""
        opened, refused = [], []
        for page in staff_pages():
            answer = _whole(self._client(0).get(self._address(page.view, 0)))
            if answer.status_code == 405 or answer.status_code // 100 == 3:
                continue
            if answer.status_code == 200:
                opened.append(page.view)
            else:
                refused.append(f"{page.view} {page.parameters} answered {answer.status_code}")
        if refused:
            raise SystemExit("\n".join([*refused, "see page_samples.py"]))
        return {"pages": opened}

    def open(self, view: str, turn: int) -> dict[str, Any]:
        from django.db import connection

        number = turn * 37 % self.communes
        client, address = self._client(number), self._address(view, number)
        queries: list[str] = []

        def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001
            queries.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            wall, cpu = time.perf_counter(), time.process_time()
            answer = _whole(client.get(address))
            took = time.perf_counter() - wall, time.process_time() - cpu
        if answer.status_code != 200:
            raise SystemExit(f"{view} answered {answer.status_code} in commune {number}")
        return {"ms": took[0] * 1000, "cpu_ms": took[1] * 1000, "queries": len(queries)}

    def _address(self, view: str, number: int) -> str:
        from django.urls import reverse

        from page_samples import sample

        page = self.pages_by_name[view]
        values = {name: sample(page.view, name, number) for name in page.parameters}
        return reverse(page.view, kwargs=values)

    def _client(self, number: int) -> Any:
        if number not in self.clients:
            from django.test import Client

            from many_communes import code_of
            from vang.people.models import Person

            client = Client(SERVER_NAME="127.0.0.1", raise_request_exception=True)
            client.force_login(
                Person.objects.get(username=f"mai{code_of(number)}"),
                backend="django.contrib.auth.backends.ModelBackend",
            )
            self.clients[number] = client
        return self.clients[number]


def _whole(answer: Any) -> Any:
    """With all that is streamed."""
    if answer.streaming:
        b"".join(answer.streaming_content)
    return answer


def serve(communes: int) -> None:
    """Answer the coordinator's questions, a line each."""
    answers, sys.stdout = sys.stdout, sys.stderr
    _django()
    opener = Opener(communes)
    for line in sys.stdin:
        question = json.loads(line)
        match question["do"]:
            case "fill":
                answer = opener.fill()
            case "pages":
                answer = opener.pages()
            case _:
                answer = opener.open(question["page"], question["turn"])
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def _django() -> None:
    import logging

    from vang.installation.secret import make_secret

    make_secret(Path(os.environ["VANG_DATA"]))
    import django

    django.setup()
    logging.disable(logging.WARNING)  # no link is there to hint at
    stand_still()


def stand_still() -> None:
    """Everything happens at noon of one day."""
    from vang.base import clock

    clock.use_clock(clock.ManualClock(NOW))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=int, default=100, help="of the largest, on PostgreSQL")
    parser.add_argument("--rounds", type=int, default=21, help="openings of each page and size")
    parser.add_argument("--open", type=int, help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.open:
        serve(told.open)
    elif "VANG_TEST_DATABASE_URL" not in os.environ:
        within = ["sh", str(ROOT / "tests/on_postgresql.sh"), sys.executable, *sys.argv]
        sys.exit(subprocess.run(within, check=False).returncode)
    else:
        print(json.dumps(measure(told.scale, told.rounds), ensure_ascii=False))


if __name__ == "__main__":
    main()
