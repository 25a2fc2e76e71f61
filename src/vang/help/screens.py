"""Which section of the manual speaks of which screen."""

_SECTIONS = {
    "desk": "due",
    "desk:search": "find",
    "desk:communes": "communes",
    "desk:rights": "rights",
    "desk:start": "first-steps",
    "desk:start-villages": "first-steps",
    "desk:start-loudspeaker": "first-loudspeaker",
    "desk:start-trial": "trial",
    "people": "account",
    "trust": "personal-keys",
    "people:list": "people",
    "people:below": "people",
    "people:add": "people",
    "people:person": "people",
    "people:invite": "people",
    "people:delegations": "delegations",
    "people:board": "board",
    "people:set-up-board": "board",
    "people:offices": "board",
    "notices": "notices",
    "chronicle": "chronicle",
    "bulletins": "bulletin",
    "bulletins:list": "bulletins",
    "bulletins:new": "write",
    "bulletins:edit": "write",
    "bulletins:help": "approve",
    "bulletins:wordings": "wordings",
    "bulletins:wording": "wordings",
    "bulletins:topics": "topics",
    "bulletins:review": "approve",
    "bulletins:correct": "correct",
    "library": "library",
    "library:detail": "documents",
    "voice": "voices",
    "voice:pronunciations": "pronunciations",
    "voice:edit-pronunciation": "pronunciations",
    "takes": "record",
    "phrases": "phrases",
    "studio": "record",
    "studio:notices": "ready-notices",
    "studio:notice": "ready-notices",
    "airtime": "schedule",
    "airtime:place": "place",
    "airtime:programmes": "programmes",
    "airtime:new-programme": "programmes",
    "airtime:edit-programme": "programmes",
    "airtime:times": "programmes",
    "airtime:rundown": "programmes",
    "airtime:policy": "hours",
    "airtime:days-off": "hours",
    "airtime:sounds": "sounds",
    "airtime:feeds": "feeds",
    "stations": "station",
    "stations:list": "stations",
    "airtime:quiet-zone": "hours",
    "airtime:heard": "heard",
    "figures": "figures",
    "evidence": "as-run",
    "evidence:logbook": "logbook",
    "evidence:journals": "journals",
    "evidence:verify": "journals",
    "portal": "portal",
    "portal-settings": "portal",
    "channels": "channels",
    "mailing": "mailing",
    "webhook": "connections",
    "connections": "connections",
    "claims": "claims",
    "guidance": "guidance",
    "pool": "pool",
    "pool:requests": "requests",
    "pool:request": "requests",
    "pool:ask": "requests",
    "pool:orders": "requests",
    "editorial": "plans",
    "help": "trouble",
}


def section_key(view: str) -> str | None:
    """Of the view, or else of its room; None for what no room knows."""
    return _SECTIONS.get(view) or _SECTIONS.get(view.partition(":")[0])


def keys() -> set[str]:
    return set(_SECTIONS.values())


def named() -> set[str]:
    """Rooms and views that are named here."""
    return set(_SECTIONS)
