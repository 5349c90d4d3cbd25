"""Surveys: a questionnaire as data, an export of any tool read with it, answers as codes."""
