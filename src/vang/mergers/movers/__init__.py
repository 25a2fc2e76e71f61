"""What moves when units become others, room by room. Registered in the order in which it moves."""

from vang.mergers.movers.belongings import Belongings
from vang.mergers.movers.clusters import Clusters
from vang.mergers.movers.drafts import Drafts
from vang.mergers.movers.organisations import Organisations
from vang.mergers.movers.pages import Pages
from vang.mergers.movers.people import People
from vang.mergers.movers.programmes import Programmes
from vang.mergers.movers.rules import HoursOfAir
from vang.mergers.movers.villages import Villages
from vang.orgs.movers import register


def register_all() -> None:
    """Called when the process starts. Programmes go before the clusters that they sound on."""
    register(Villages())
    register(Organisations())
    register(People())
    register(HoursOfAir())
    register(Programmes())
    register(Clusters())
    register(Drafts())
    register(Belongings())
    register(Pages())
