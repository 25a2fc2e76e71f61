"""Where figures come from: each name leads to a maker that reads the records of one period."""

from vang.reports.facts.registry import (
    Asked,
    Fact,
    Figure,
    Record,
    Records,
    fact_named,
    facts,
    figures,
    register,
)

__all__ = [
    "Asked",
    "Fact",
    "Figure",
    "Record",
    "Records",
    "fact_named",
    "facts",
    "figures",
    "register",
]
