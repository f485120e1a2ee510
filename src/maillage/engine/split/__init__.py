"""Sharing a cost or a saving: Shapley value, nucleolus, airport, core test, and amounts to the cent."""
