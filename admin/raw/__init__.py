"""The installation's tables as they stand, for its administrators: to look into a fault, never to work
with. Optional (the extra `admin`), and off unless JIANGXIN_RAW_TABLES says otherwise."""
