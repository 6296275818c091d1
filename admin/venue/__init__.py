"""A laptop in a hall without the internet: `jiangxin serve --venue`."""
