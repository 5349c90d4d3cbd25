"""Voices: the figures of a page on one question of a survey."""

from observatory.figures.voices.figures import HowAsked, VoicesAgreeing, VoicesLead, VoicesShown
from observatory.figures.voices.told import breakdown_name, instrument_name

__all__ = ["HowAsked", "VoicesAgreeing", "VoicesLead", "VoicesShown", "breakdown_name", "instrument_name"]
