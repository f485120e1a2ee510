"""The engine's public door: ``python -m maillage.engine.door TOPIC`` reads a JSON document and writes one.

A document that does not fit ends with code 2 and ``{"error": French sentence, "where": JSON pointer}``.
"""

import importlib
import json
import os
import sys

from maillage.engine.documents import SIZE_LIMIT, Refused, parse
from maillage.engine.french import NBSP, join_fr, typo

TOPICS = (
    "match",
    "circles",
    "pools",
    "split",
    "groups",
    "availability",
    "recurrence",
    "survey",
    "jury",
    "instalments",
)

HELP = """\
Le moteur de Maillage calcule : il lit un document JSON sur l’entrée standard et en écrit un sur la sortie standard.

  ./maillage engine SUJET < cas.json > reponse.json
  ./maillage engine SUJET --help     ce que le sujet lit et écrit, avec un exemple
  ./maillage engine SUJET --example  l’exemple seul, prêt à être lu par le moteur

Un document qui ne convient pas : code de sortie 2, et un objet { error, where } ; error est une phrase, where
l’endroit du document (pointeur JSON).

Sujets : """


def answer(topic, raw):
    """The answer (plain values) to the document ``raw`` (UTF-8 bytes); raises ``Refused``."""
    return _topic(topic).answer(parse(raw))


def main(arguments=None):
    """Run the command line; returns the exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        code, output = 0, _output(arguments)
    except Refused as refusal:
        code, output = 2, _json({"error": refusal.message, "where": refusal.where})
    except KeyboardInterrupt:
        return 130
    try:
        sys.stdout.buffer.write(output.encode("utf-8", "backslashreplace"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:  # the reader has left: nothing more to say, not even at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code


def _output(arguments):
    names = [argument for argument in arguments if not argument.startswith("-")]
    options = set(arguments) - set(names)
    if options & {"-h", "--help"}:
        return _help(names)
    if len(names) != 1 or options - {"--example"}:
        raise Refused(f"Donnez un seul sujet{NBSP}: {join_fr(TOPICS, 'ou')}. Pour l’aide{NBSP}: --help.")
    if options:
        return _topic(names[0]).EXAMPLE
    raw = sys.stdin.buffer.read(SIZE_LIMIT + 1) if sys.stdin else b""
    return _json(answer(names[0], raw))


def _topic(name):
    if name not in TOPICS:
        raise Refused(f"Le sujet «{NBSP}{name}{NBSP}» n’existe pas. Sujets{NBSP}: {join_fr(TOPICS)}.")
    return importlib.import_module(f"maillage.engine.topics.{name}")


def _help(names):
    if not names:
        return typo(f"{HELP}{join_fr(TOPICS)}.\n")
    topic = _topic(names[0])
    return typo(f"{topic.HELP}\nExemple :\n") + topic.EXAMPLE


def _json(value):
    # A lone surrogate, which UTF-8 cannot hold, leaves as the escape it came in as.
    return json.dumps(value, ensure_ascii=False, allow_nan=False) + "\n"


if __name__ == "__main__":
    sys.exit(main())
