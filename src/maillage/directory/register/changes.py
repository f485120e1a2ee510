"""What an import does to structures, kept by a few statements whatever their number, and taken back the same way.

The structures of an import that is undone go back to what they were, column by column; what someone changed since
stays. One that it created is taken away only when its row is as the import left it and when nothing names it.
"""

import pghistory.models
from django.db import connection
from django.db.models import ManyToOneRel

from maillage.directory.models import RegisterImport, RegisterImportChange, Structure
from maillage.directory.register.columns import KEY_COLUMNS, RESTORED_COLUMNS

IMPORTS_KEPT = 3  # whose changes are kept: undoing goes back from the latest
_NAMED_VALUES = ", ".join(f"'{name}', structure.{name}" for name in RESTORED_COLUMNS)
_FACTS = f"jsonb_build_object({_NAMED_VALUES})"
_FINGERPRINT = "md5((to_jsonb(structure) - 'modified_at')::text)"

# Before anything is written: the structures that lines of the file are about, and the last key there is.
REMEMBER = f"""
    CREATE TEMPORARY TABLE register_before AS
    SELECT structure.id, {_FACTS} AS facts FROM directory_structure structure
    WHERE structure.id IN (SELECT known_id FROM register_facts WHERE outcome = 'updated')
       OR structure.register_id IN (SELECT register_id FROM register_lines WHERE reason = 'replaced')
"""
_KEEP_UPDATED = f"""
    INSERT INTO directory_registerimportchange (register_import_id, structure_number, fingerprint, before, after)
    SELECT %(import)s, structure.id, '', remembered.facts, {_FACTS}
    FROM register_before remembered JOIN directory_structure structure USING (id)
    WHERE remembered.facts <> {_FACTS}
"""
_KEEP_CREATED = f"""
    INSERT INTO directory_registerimportchange (register_import_id, structure_number, fingerprint)
    SELECT %(import)s, structure.id, {_FINGERPRINT}
    FROM register_facts facts JOIN directory_structure structure ON structure.id = facts.created_id
"""
_FORGET_OLD = """
    DELETE FROM directory_registerimportchange
    WHERE register_import_id NOT IN (
        SELECT id FROM directory_registerimport WHERE keeps_changes
        ORDER BY ended_at DESC NULLS FIRST, id DESC LIMIT %(kept)s)
"""


def keep(register_import):
    """Keep what was just written, and forget what the oldest imports did."""
    key = {"import": register_import.pk}
    _run(_KEEP_UPDATED, key)
    _run(_KEEP_CREATED, key)
    _run("ANALYZE directory_registerimportchange, directory_structure")  # undoing may come before PostgreSQL's own
    RegisterImport.objects.filter(pk=register_import.pk).update(keeps_changes=True)
    _run(_FORGET_OLD, {"kept": IMPORTS_KEPT})
    still = RegisterImportChange.objects.values("register_import")
    RegisterImport.objects.filter(keeps_changes=True).exclude(pk=register_import.pk).exclude(pk__in=still).update(
        keeps_changes=False
    )


def _named():
    """SQL: the structures that something names, beside the history and those that the import itself said they replace.

    Read whole and joined once: asked of each structure, it takes minutes for a département.
    """
    fields = [
        relation.field
        for relation in Structure._meta.get_fields(include_hidden=True)
        if isinstance(relation, ManyToOneRel)
        and not issubclass(relation.related_model, pghistory.models.Event)
        and relation.field.name != "replaced_by"
    ]
    tables = [
        f"SELECT {field.column} AS id FROM {field.model._meta.db_table} WHERE {field.column} IS NOT NULL"
        for field in fields
    ]
    return " UNION ".join([*tables, _NAMED_AS_SUCCESSORS])


_NAMED_AS_SUCCESSORS = """
    SELECT other.replaced_by_id FROM directory_structure other
    LEFT JOIN directory_registerimportchange same
      ON same.register_import_id = %(import)s AND same.structure_number = other.id
      AND same.after -> 'replaced_by_id' = to_jsonb(other.replaced_by_id)
      AND same.before -> 'replaced_by_id' <> same.after -> 'replaced_by_id'
    WHERE other.replaced_by_id IS NOT NULL AND same.id IS NULL
"""


def _created(is_touched):
    """SQL: the structures that the import created, those that someone touched since or the others."""
    return f"""
        WITH named AS MATERIALIZED ({_named()})
        SELECT structure.id, structure.name
        FROM directory_registerimportchange change
        JOIN directory_structure structure ON structure.id = change.structure_number
        LEFT JOIN named ON named.id = structure.id
        WHERE change.register_import_id = %(import)s AND change.fingerprint <> ''
          AND (named.id IS NOT NULL OR {_FINGERPRINT} <> change.fingerprint) = {is_touched}
    """


_UPDATED = f"""
    SELECT count(*), count(*) FILTER (WHERE change.after <> {_FACTS})
    FROM directory_registerimportchange change JOIN directory_structure structure
      ON structure.id = change.structure_number
    WHERE change.register_import_id = %(import)s AND change.before IS NOT NULL
"""


def count(register_import):
    """What undoing would do: structures removed, restored (``changed``: but for what changed since) and kept."""
    key = {"import": register_import.pk}
    ((removed,),) = _run(f"SELECT count(*) FROM ({_created(is_touched=False)}) untouched", key)
    ((kept,),) = _run(f"SELECT count(*) FROM ({_created(is_touched=True)}) touched", key)
    ((restored, changed),) = _run(_UPDATED, key)
    return {"removed": removed, "restored": restored, "kept": kept, "changed": changed}


def kept(register_import, most):
    """[(key, name)] of the first structures that undoing leaves, in the order of names."""
    first = f"{_created(is_touched=True)} ORDER BY structure.search_name, structure.id LIMIT %(most)s"
    return _run(first, {"import": register_import.pk, "most": most})


def take_back(register_import):
    """Undo, in the caller's transaction; returns what ``count`` would have said."""
    counts = count(register_import)
    key = {"import": register_import.pk}
    _run(_restore([name for name in RESTORED_COLUMNS if name not in KEY_COLUMNS]), key)
    _run(f"DELETE FROM directory_structure WHERE id IN (SELECT id FROM ({_created(is_touched=False)}) untouched)", key)
    for name in KEY_COLUMNS:
        _run(_restore([name], unless_taken=True), key)
    _run("DELETE FROM directory_registerimportchange WHERE register_import_id = %(import)s", key)
    return counts


def _restore(columns, *, unless_taken=False):
    """SQL: the columns that are as the import left them become what they were; a key, unless another has it now."""
    changes = ", ".join(
        f"{name} = CASE WHEN structure.{name} IS NOT DISTINCT FROM after.{name} THEN before.{name} "
        f"ELSE structure.{name} END"
        for name in columns
    )
    free = "".join(
        f" AND NOT EXISTS (SELECT FROM directory_structure other WHERE other.{name} = before.{name} "
        "AND other.id <> structure.id)"
        for name in columns
        if unless_taken
    )
    return f"""
        UPDATE directory_structure structure SET {changes}, modified_at = now()
        FROM directory_registerimportchange change,
            jsonb_populate_record(NULL::directory_structure, change.before) before,
            jsonb_populate_record(NULL::directory_structure, change.after) after
        WHERE change.register_import_id = %(import)s AND change.before IS NOT NULL
          AND structure.id = change.structure_number{free}
    """


def _run(query, parameters=()):
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return cursor.fetchall() if cursor.description else []
