"""Units and organisations as dated data, and what became of units that ended."""

from vang.orgs.models.changes import Standing, Succession, UnitChange
from vang.orgs.models.units import Lineage, Organisation, Unit

__all__ = ["Lineage", "Organisation", "Standing", "Succession", "Unit", "UnitChange"]
