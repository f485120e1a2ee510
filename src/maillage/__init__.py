"""Maillage: the platform on which associations pool what they have."""
