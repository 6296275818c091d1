"""Copies of an installation and the way back from one: `jiangxin backup`, `jiangxin restore`."""
