"""The fixed words of an alert: those of the Common Alerting Protocol 1.2, and our events."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MsgType(models.TextChoices):
    """CAP msgType."""

    ALERT = "ALERT", pgettext_lazy("alert", "Alert")
    UPDATE = "UPDATE", pgettext_lazy("alert", "Update")
    CANCEL = "CANCEL", pgettext_lazy("alert", "Cancellation")


class Status(models.TextChoices):
    """CAP status. Fixed when an alert is made: a drill is copied, never converted."""

    TEST = "TEST", pgettext_lazy("alert", "TEST")
    EXERCISE = "EXERCISE", pgettext_lazy("alert", "EXERCISE")
    ACTUAL = "ACTUAL", pgettext_lazy("alert", "REAL")


class Event(models.TextChoices):
    """What threatens; the names of the decision on natural disasters and of daily use."""

    STORM = "STORM", _("Storm")
    FLASH_FLOOD = "FLASH_FLOOD", _("Flash flood")
    FLOOD = "FLOOD", _("Flood")
    LANDSLIDE = "LANDSLIDE", _("Landslide")
    DAM = "DAM", _("Dam break")
    FOREST_FIRE = "FOREST_FIRE", _("Forest fire")
    FIRE = "FIRE", _("Fire")
    EPIDEMIC = "EPIDEMIC", _("Epidemic")
    SECURITY = "SECURITY", _("Public order")
    OTHER = "OTHER", pgettext_lazy("alert", "Something else")


class Category(models.TextChoices):
    """CAP category."""

    GEO = "Geo", _("ground (earthquake, landslide)")
    MET = "Met", _("weather and water")
    SAFETY = "Safety", _("public safety")
    SECURITY = "Security", _("security and order")
    RESCUE = "Rescue", _("rescue")
    FIRE = "Fire", _("fire")
    HEALTH = "Health", _("health")
    ENV = "Env", _("environment")
    TRANSPORT = "Transport", _("traffic")
    INFRA = "Infra", _("power, water, telephone")
    CBRNE = "CBRNE", _("poison, radiation, explosives")
    OTHER = "Other", pgettext_lazy("alert", "something else")


CATEGORY_OF = {
    Event.STORM: Category.MET,
    Event.FLASH_FLOOD: Category.MET,
    Event.FLOOD: Category.MET,
    Event.LANDSLIDE: Category.GEO,
    Event.DAM: Category.SAFETY,
    Event.FOREST_FIRE: Category.FIRE,
    Event.FIRE: Category.FIRE,
    Event.EPIDEMIC: Category.HEALTH,
    Event.SECURITY: Category.SECURITY,
    Event.OTHER: Category.OTHER,
}


class Urgency(models.TextChoices):
    """CAP urgency."""

    IMMEDIATE = "Immediate", _("act now")
    EXPECTED = "Expected", _("act within the hour")
    FUTURE = "Future", _("act in the coming days")
    PAST = "Past", _("it is over")
    UNKNOWN = "Unknown", pgettext_lazy("alert", "not known")


class Severity(models.TextChoices):
    """CAP severity."""

    EXTREME = "Extreme", _("extreme threat to life")
    SEVERE = "Severe", _("severe threat to life")
    MODERATE = "Moderate", _("possible threat to life")
    MINOR = "Minor", _("little threat")
    UNKNOWN = "Unknown", pgettext_lazy("alert", "not known")


class Certainty(models.TextChoices):
    """CAP certainty."""

    OBSERVED = "Observed", _("seen to happen")
    LIKELY = "Likely", _("likely")
    POSSIBLE = "Possible", _("possible")
    UNLIKELY = "Unlikely", _("unlikely")
    UNKNOWN = "Unknown", pgettext_lazy("alert", "not known")


class Response(models.TextChoices):
    """CAP responseType."""

    EVACUATE = "Evacuate", _("leave the area")
    SHELTER = "Shelter", _("take shelter")
    PREPARE = "Prepare", _("prepare")
    EXECUTE = "Execute", _("do as arranged")
    AVOID = "Avoid", _("avoid the danger")
    MONITOR = "Monitor", _("follow the news")
    ALL_CLEAR = "AllClear", _("the danger is over")
    NONE = "None", pgettext_lazy("alert", "nothing needs doing")


class Way(models.TextChoices):
    """How a text is heard."""

    VOICE = "VOICE", _("read by the voice")
    SPLICED = "SPLICED", _("put together from recordings")
    RECORDED = "RECORDED", _("spoken by a person")
    UNSPOKEN = "UNSPOKEN", _("only to be read")
