"""Registers of groups: contacts of companies, households, directories, drawn by wide parameters.

Each module is one family, written from the user's side by somebody who had not seen the matcher:
`draw(seed, rows=None) -> Family`. The truth is who or what each row is about.
"""
