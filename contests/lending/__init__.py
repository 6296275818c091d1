"""A contest at a venue's own server for some hours, and its way home.

    the main installation                        the venue's laptop
    jiangxin lend      ── package ──▶            jiangxin borrow
      keeps what tablets send it, unopened         judging, by PIN
    jiangxin take-back ◀── package ──            jiangxin give-back

Both sides show the log's length and last hash; who takes back types the hash that the venue shows.
Names, codes' owners, passwords, PINs and issuers' keys never travel.
"""
