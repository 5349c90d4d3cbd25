"""Protect: what may be made public of exact cells, so that nobody learns what one organisation gave.

keys      numbers drawn by a secret key
cube      who gave what where, and which places make up each cell
balance   signs and shares with which noise leaves headline sums where they are
noise     every value of an organisation moved the same way, for ever
hide      which cells may be published together (primary rules, Gauss step)
release   what is published of each measure: noisy and rounded, exact, or hidden
answers   which groups of respondents may be told of
product   the database that the public would read, attacked before it is written
state     the key, and what earlier releases say of the noise, in ASAR_STATE
attack    what somebody could still work out, with a control that must break
audit     all of that for one snapshot, as the command `attack` shows it

No build writes the public product yet, and no reader is handed it: pages open the exact one.
"""
