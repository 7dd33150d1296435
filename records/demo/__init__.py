"""The demo clinic: places, people and four weeks of their appointments.

Tables of plain data, and functions that bring them in through the actions. What is
there already is left as it is.
"""
