"""Maturity: at which stage companies and the country stand, and which steps lead to the next, by the rubric."""
