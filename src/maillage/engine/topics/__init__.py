"""The topics of the engine's door: each module reads its document, computes, and writes its answer.

HELP               French: what goes in, what comes out
EXAMPLE            a JSON document that works
answer(document)   the answer as plain values; raises ``documents.Refused``
"""
