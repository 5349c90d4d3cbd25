"""Demonstration data: invented companies and NGOs, and the messy files such organisations really send."""

from etl.demonstration.generator import MARKER, Demonstration, FaultyRow, generate

__all__ = ["MARKER", "Demonstration", "FaultyRow", "generate"]
