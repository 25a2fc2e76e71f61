"""Triggers of the database that hold even against a careless service or a hand-typed UPDATE.

Versions with their wordings and attachments, review steps, approvals and editions with theirs are
added and never changed or deleted, except that a version or wording may receive its sound before
it is approved and an edition may be withdrawn once. Nothing is added to a version once it is
approved.
An approval is of the newest version and by somebody who neither created, edited nor submitted.

SQLite forgets triggers when a migration rebuilds a table, and a trigger guards the columns that
its table had when it was made: a migration that touches one of these tables calls ``install``
again, and a test misses them otherwise. Tables that later migrations make are left out.
"""

from collections.abc import Collection, Iterator

from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = {
    "version": "bulletins_version",
    "wording": "bulletins_wording",
    "step": "bulletins_reviewstep",
    "confirmation": "bulletins_confirmation",
    "approval": "bulletins_approval",
    "edition": "bulletins_edition",
    "editionwording": "bulletins_editionwording",
    "attachment": "bulletins_attachment",
    "editionattachment": "bulletins_editionattachment",
}
MESSAGES = {
    "version_unchangeable": "A version is never changed: an edit is a new version.",
    "wording_unchangeable": "A wording is never changed: an edit is a new version.",
    "step_unchangeable": "A review step is never changed.",
    "confirmation_unchangeable": "What was confirmed is never changed.",
    "confirmation_undeletable": "What was confirmed is never deleted.",
    "approval_unchangeable": "An approval is never changed.",
    "edition_unchangeable": "An edition is never changed; it may only be withdrawn, once.",
    "editionwording_unchangeable": "A released wording is never changed.",
    "attachment_unchangeable": "An attachment is never changed: an edit is a new version.",
    "editionattachment_unchangeable": "A released attachment is never changed.",
    "version_undeletable": "A version is never deleted.",
    "wording_undeletable": "A wording is never deleted.",
    "step_undeletable": "A review step is never deleted.",
    "approval_undeletable": "An approval is never deleted.",
    "edition_undeletable": "An edition is never deleted.",
    "editionwording_undeletable": "A released wording is never deleted.",
    "attachment_undeletable": "An attachment is never deleted.",
    "editionattachment_undeletable": "A released attachment is never deleted.",
    "attachment_before_approval": "Nothing is attached to a version once it is approved.",
    "wording_before_approval": "Nothing is added to a version once it is approved.",
    "approval_independent": "Nobody approves what they created, edited or submitted.",
    "approval_not_for_author": "Nobody approves in the name of somebody who took part.",
    "approval_sensitive": "Only a leader approves a sensitive topic.",
    "approval_of_newest": "An approval is of the newest version of its bulletin.",
}

_PARTICIPANTS = """
    SELECT created_by_id FROM bulletins_bulletin WHERE id = NEW.bulletin_id
    UNION SELECT submitted_by_id FROM bulletins_bulletin WHERE id = NEW.bulletin_id
        AND submitted_by_id IS NOT NULL
    UNION SELECT edited_by_id FROM bulletins_version WHERE bulletin_id = NEW.bulletin_id
    UNION SELECT by_id FROM bulletins_reviewstep WHERE bulletin_id = NEW.bulletin_id
        AND verb = 'submit'"""
_TOOK_PART = f"NEW.by_id IN ({_PARTICIPANTS})"
_PRINCIPAL = "(SELECT principal_id FROM people_delegation WHERE id = NEW.delegation_id)"
_FOR_AUTHOR = f"NEW.delegation_id IS NOT NULL AND {_PRINCIPAL} IN ({_PARTICIPANTS})"
_NOT_NEWEST = """NOT EXISTS (
    SELECT 1 FROM bulletins_bulletin WHERE id = NEW.bulletin_id AND current_id = NEW.version_id)"""
_SENSITIVE = """NOT NEW.as_leader AND EXISTS (
    SELECT 1 FROM bulletins_bulletin WHERE id = NEW.bulletin_id AND sensitive)"""
_APPROVED = "EXISTS (SELECT 1 FROM bulletins_approval WHERE version_id = {version})"


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers in place, replacing older ones of the same names."""
    _execute(connection, [*_removal(connection), *_creation(connection)])


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away: for undoing the migration and for emptying a test database."""
    _execute(connection, _removal(connection))


def installed(connection: BaseDatabaseWrapper) -> set[str]:
    """Names of those triggers that the database has."""
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {row[0] for row in cursor.fetchall()} & set(MESSAGES)


def _execute(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _table(name: str) -> str:
    return TABLES[name.split("_", maxsplit=1)[0]]


def _guarded(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of the triggers whose tables exist so far."""
    existing = set(connection.introspection.table_names())
    return [name for name in MESSAGES if _table(name) in existing]


def _removal(connection: BaseDatabaseWrapper) -> list[str]:
    names = _guarded(connection)
    if connection.vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {name}" for name in names]
    triggers = [f"DROP TRIGGER IF EXISTS {name} ON {_table(name)}" for name in names]
    return triggers + [f"DROP FUNCTION IF EXISTS bulletins_{name}()" for name in names]


def _creation(connection: BaseDatabaseWrapper) -> list[str]:
    names = _guarded(connection)
    rules = [rule for rule in _rules(connection, names) if rule[0] in names]
    if connection.vendor == "sqlite":
        return [_sqlite(*rule) for rule in rules]
    return [statement for rule in rules for statement in _postgresql(*rule)]


def _rules(
    connection: BaseDatabaseWrapper, names: Collection[str]
) -> Iterator[tuple[str, str, str]]:
    """Name, event and the condition under which the database refuses."""
    for noun in TABLES:
        yield f"{noun}_undeletable", "DELETE", "1 = 1"
    added_once = ("step", "confirmation", "approval", "editionwording")
    for noun in (*added_once, "attachment", "editionattachment"):
        yield f"{noun}_unchangeable", "UPDATE", "1 = 1"
    sound = _differs(connection, "rendition_id")
    sounding = {"version": "OLD.id", "wording": "OLD.version_id"}
    for noun, key in sounding.items():
        if f"{noun}_unchangeable" not in names:
            continue
        changed = _changed(connection, TABLES[noun], but={"rendition_id"})
        approved = _APPROVED.format(version=key)
        yield f"{noun}_unchangeable", "UPDATE", f"{changed} OR ({sound} AND {approved})"
    for noun in ("wording", "attachment"):
        yield f"{noun}_before_approval", "INSERT", _APPROVED.format(version="NEW.version_id")
    changed = _changed(connection, TABLES["edition"], but={"withdrawn_at", "withdrawn_for"})
    yield "edition_unchangeable", "UPDATE", f"{changed} OR OLD.withdrawn_at IS NOT NULL"
    yield "approval_independent", "INSERT", _TOOK_PART
    yield "approval_of_newest", "INSERT", _NOT_NEWEST
    for name, column, refused in (
        ("approval_not_for_author", "delegation_id", _FOR_AUTHOR),
        ("approval_sensitive", "as_leader", _SENSITIVE),
    ):
        if _has_column(connection, TABLES["approval"], column):
            yield name, "INSERT", refused


def _differs(connection: BaseDatabaseWrapper, column: str) -> str:
    distinct = "IS NOT" if connection.vendor == "sqlite" else "IS DISTINCT FROM"
    return f"NEW.{column} {distinct} OLD.{column}"


def _has_column(connection: BaseDatabaseWrapper, table: str, column: str) -> bool:
    """An older step of the migrations does not know the column yet."""
    with connection.cursor() as cursor:
        described = connection.introspection.get_table_description(cursor, table)
    return any(one.name == column for one in described)


def _changed(connection: BaseDatabaseWrapper, table: str, *, but: Collection[str]) -> str:
    """Some column other than those differs."""
    with connection.cursor() as cursor:
        described = connection.introspection.get_table_description(cursor, table)
    columns = [column.name for column in described if column.name not in but]
    return " OR ".join(_differs(connection, column) for column in columns)


def _sqlite(name: str, event: str, refused_when: str) -> str:
    return (
        f"CREATE TRIGGER {name} BEFORE {event} ON {_table(name)} FOR EACH ROW"
        f" WHEN {refused_when} BEGIN SELECT RAISE(ABORT, '{MESSAGES[name]}'); END"
    )


def _postgresql(name: str, event: str, refused_when: str) -> list[str]:
    """A condition that looks into other tables needs a function of its own."""
    kept = "OLD" if event == "DELETE" else "NEW"
    function = (
        f"CREATE OR REPLACE FUNCTION bulletins_{name}() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" BEGIN IF {refused_when} THEN"
        f" RAISE EXCEPTION '{MESSAGES[name]}' USING ERRCODE = 'check_violation';"
        f" END IF; RETURN {kept}; END $$"
    )
    trigger = (
        f"CREATE TRIGGER {name} BEFORE {event} ON {_table(name)}"
        f" FOR EACH ROW EXECUTE FUNCTION bulletins_{name}()"
    )
    return [function, trigger]
