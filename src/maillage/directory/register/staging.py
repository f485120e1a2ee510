"""Facts wait in tables of the session alone, are compared with what is known, then written in one transaction.

Staging touches no lasting table: a client or a PostgreSQL killed before the final commit leaves nothing behind.
"""

from django.db import connection

from maillage.directory.register import changes
from maillage.directory.register.columns import OFFICIAL_COLUMNS
from maillage.directory.register.rows import Facts, Line

LOCK = 0x5245_4749  # « REGI »: imports write one after the other
_IS_DECLARED_DISSOLVED = (
    "EXISTS (SELECT FROM directory_dissolution dissolution WHERE dissolution.structure_id = structure.id "
    "AND dissolution.is_declared AND dissolution.taken_back_at IS NULL)"
)
# What a structure typed itself, declared, or what the register doesn't know, is kept.
_CHANGES = {
    "state": f"CASE WHEN facts.state = 'active' AND {_IS_DECLARED_DISSOLVED} THEN 'dissolved' ELSE facts.state END, "
    "replaced_by_id = CASE WHEN facts.state <> 'active' THEN structure.replaced_by_id END",
    "dissolved_on": f"CASE WHEN {_IS_DECLARED_DISSOLVED} THEN COALESCE(facts.dissolved_on, structure.dissolved_on) "
    "ELSE facts.dissolved_on END",
    "siret": "COALESCE(structure.siret, facts.siret)",
    "commune_id": "COALESCE(facts.commune_id, structure.commune_id)",
    "search_name": "CASE WHEN structure.name = facts.name THEN facts.search_name "
    "ELSE left(facts.search_name || ' ' || lower(unaccent(structure.name)), 600) END",
}
_CREATE = """
    CREATE TEMPORARY TABLE register_facts (
        line_number integer, register_id text, former_id text, rna_id text, state text, name text, official_title text,
        official_acronym text, official_purpose text, official_website text, official_commune_label text,
        purpose_codes varchar(6)[], is_public_utility boolean, created_on date, published_on date, dissolved_on date,
        register_updated_at timestamptz, siret text, commune_id text, search_name text, register_digest bytea,
        known_id bigint, created_id bigint, outcome text);
    CREATE TEMPORARY TABLE register_lines (
        line_number integer, register_id text, outcome text, reason text, successor text)
"""
_DROP = "DROP TABLE IF EXISTS register_facts, register_lines, register_before"
_NUMBER_NAMESAKES = """
    UPDATE register_facts facts SET register_id = facts.register_id || '-' || ranked.rank
    FROM (SELECT line_number, row_number() OVER (PARTITION BY register_id ORDER BY line_number) AS rank
          FROM register_facts WHERE register_id LIKE 'csv:%%') ranked
    WHERE ranked.line_number = facts.line_number AND ranked.rank > 1
"""
# The structure that a line is about: same key, same RNA number, same former key, or (any CSV) same SIRET.
_FIND_KNOWN = (
    "SELECT facts.line_number, structure.id FROM register_facts facts "
    "JOIN directory_structure structure ON structure.register_id = facts.register_id",
    "SELECT facts.line_number, structure.id FROM register_facts facts "
    "JOIN directory_structure structure ON structure.rna_id = facts.rna_id WHERE facts.known_id IS NULL",
    # Of two lines with one former key, the last goes on with the structure; the other is another association.
    "SELECT DISTINCT ON (structure.id) facts.line_number, structure.id FROM register_facts facts "
    "JOIN directory_structure structure ON structure.register_id = facts.former_id WHERE facts.known_id IS NULL "
    "AND NOT EXISTS (SELECT FROM register_facts other WHERE other.known_id = structure.id) "
    "ORDER BY structure.id, facts.line_number DESC",
    "SELECT facts.line_number, min(structure.id) AS id FROM register_facts facts "
    "JOIN directory_structure structure ON structure.siret = facts.register_id WHERE facts.known_id IS NULL GROUP BY 1",
    # Imported from a CSV that knew its SIRET, now in the RNA.
    "SELECT DISTINCT ON (structure.id) facts.line_number, structure.id FROM register_facts facts "
    "JOIN directory_structure structure ON structure.register_id = facts.siret WHERE facts.known_id IS NULL "
    "AND NOT EXISTS (SELECT FROM register_facts other WHERE other.known_id = structure.id) "
    "ORDER BY structure.id, facts.line_number DESC",
)
_SET_ASIDE_DUPLICATES = """
    WITH doubled AS (
        DELETE FROM register_facts facts USING register_facts later
        WHERE later.{column} = facts.{column} AND later.line_number > facts.line_number
        RETURNING facts.line_number, facts.register_id)
    INSERT INTO register_lines
    SELECT DISTINCT line_number, register_id, 'skipped', 'duplicate', '' FROM doubled
"""
_DECIDE = """
    UPDATE register_facts facts SET outcome = CASE
        WHEN facts.known_id IS NULL AND facts.state <> 'active' THEN 'skipped'
        WHEN facts.known_id IS NULL THEN 'created'
        WHEN structure.register_digest = facts.register_digest THEN 'unchanged'
        ELSE 'updated' END
    FROM register_facts same LEFT JOIN directory_structure structure ON structure.id = same.known_id
    WHERE same.line_number = facts.line_number
"""
_SET_ASIDE_UNKNOWN = """
    INSERT INTO register_lines
    SELECT line_number, register_id, 'skipped', state, '' FROM register_facts WHERE outcome = 'skipped'
"""
_NUMBER_CREATED = """
    UPDATE register_facts facts SET created_id = numbered.id
    FROM (SELECT line_number, nextval(pg_get_serial_sequence('directory_structure', 'id')) AS id
          FROM (SELECT line_number FROM register_facts WHERE outcome = 'created' ORDER BY line_number) created) numbered
    WHERE numbered.line_number = facts.line_number
"""
_INSERT = f"""
    INSERT INTO directory_structure (id, kind, name, presentation, website, is_demonstration, register_id, rna_id,
        register_digest, modified_at, {", ".join(OFFICIAL_COLUMNS)})
    SELECT created_id, 'association', name, '', '', false, register_id, rna_id,
        register_digest, now(), {", ".join(OFFICIAL_COLUMNS)}
    FROM register_facts WHERE outcome = 'created' ORDER BY line_number
"""
_FOLLOW_KEY = """
    UPDATE directory_structure structure SET register_id = lines.successor, rna_id = lines.successor
    FROM (SELECT DISTINCT ON (successor) * FROM register_lines
          WHERE reason = 'replaced' AND successor <> '' ORDER BY successor, line_number DESC) lines
    WHERE structure.register_id = lines.register_id AND structure.rna_id IS NULL
      AND NOT EXISTS (SELECT FROM directory_structure other
                      WHERE lines.successor IN (other.register_id, other.rna_id))
"""
_LINK_SUCCESSOR = """
    UPDATE directory_structure structure
    SET state = 'suppressed', replaced_by_id = successor.id, register_digest = NULL
    FROM register_lines lines JOIN directory_structure successor ON successor.rna_id = lines.successor
    WHERE lines.reason = 'replaced' AND structure.register_id = lines.register_id AND structure.id <> successor.id
      AND (structure.replaced_by_id IS DISTINCT FROM successor.id OR structure.state <> 'suppressed')
"""


class Staging:
    """``with Staging() as staging: staging.add(…); staging.settle(); staging.write()``."""

    def __enter__(self):
        self._run(f"{_DROP}; {_CREATE}")
        return self

    def __exit__(self, error_class, error, traceback):
        if error is None or not connection.needs_rollback:
            self._run(_DROP)

    def add(self, facts, lines):
        self._copy("register_facts", Facts._fields, facts)
        self._copy("register_lines", Line._fields, lines)

    def settle(self):
        """Decide the outcome of each line; after this the report can be made, and nothing lasting is written."""
        self._run(_NUMBER_NAMESAKES)
        self._run("CREATE INDEX ON register_facts (register_id); ANALYZE register_facts")
        self._run(_SET_ASIDE_DUPLICATES.format(column="register_id"))
        for query in _FIND_KNOWN:
            self._run(
                f"UPDATE register_facts facts SET known_id = known.id FROM ({query}) known "
                "WHERE known.line_number = facts.line_number"
            )
        self._run("CREATE INDEX ON register_facts (known_id)")
        self._run(_SET_ASIDE_DUPLICATES.format(column="known_id"))
        self._run(_DECIDE)
        self._run(_SET_ASIDE_UNKNOWN)

    def write(self, columns=OFFICIAL_COLUMNS, register_import=None):
        """Create and update structures; the caller's transaction makes it all or nothing.

        register_import  keeps what is changed, so that it can be undone
        """
        self._run(changes.REMEMBER)
        assignments = ", ".join(f"{column} = {_CHANGES.get(column, f'facts.{column}')}" for column in columns)
        self._run(
            f"""
            UPDATE directory_structure structure SET {assignments},
                register_id = CASE WHEN facts.rna_id IS NULL
                    THEN COALESCE(structure.register_id, facts.register_id) ELSE facts.register_id END,
                rna_id = COALESCE(facts.rna_id, structure.rna_id),
                register_digest = facts.register_digest, modified_at = now()
            FROM register_facts facts WHERE facts.outcome = 'updated' AND structure.id = facts.known_id
            """
        )
        self._run(_NUMBER_CREATED)
        self._run(_INSERT)
        self._run(_FOLLOW_KEY)
        self._run(_LINK_SUCCESSOR)
        if register_import:
            changes.keep(register_import)

    def keep_lines(self, register_import):
        self._run(
            "INSERT INTO directory_registerimportline "
            "(register_import_id, line_number, register_id, outcome, reason, successor) "
            "SELECT %s, line_number, register_id, outcome, reason, successor FROM register_lines ORDER BY line_number",
            [register_import.pk],
        )

    def outcomes(self):
        """{"created": 3, "updated": 0, …} without the outcomes that nothing had."""
        return dict(self._fetch("SELECT outcome, count(*) FROM register_facts WHERE outcome <> 'skipped' GROUP BY 1"))

    def reasons(self):
        """[(outcome, reason, count, first line numbers)], the most frequent first."""
        return self._fetch(
            "SELECT outcome, reason, count(*), (array_agg(line_number ORDER BY line_number))[1:10] "
            "FROM register_lines GROUP BY 1, 2 ORDER BY 3 DESC, 2"
        )

    @staticmethod
    def lock():
        """Wait for an import that is being written; freed at the end of the transaction."""
        Staging._run("SELECT pg_advisory_xact_lock(%s)", [LOCK])

    @staticmethod
    def _run(query, parameters=()):
        with connection.cursor() as cursor:
            cursor.execute(query, parameters)

    @staticmethod
    def _fetch(query):
        with connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall()

    @staticmethod
    def _copy(table, columns, rows):
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy,
        ):
            for row in rows:
                copy.write_row(row)
