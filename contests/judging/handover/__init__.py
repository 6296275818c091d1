"""A tablet's file of signed sheets, taken in at the control room when its tablet had no network.

Nothing here decides about a sheet: the file's rows go the way of every revision, and each is stored
once, however it came.
"""
