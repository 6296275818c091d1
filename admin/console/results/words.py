"""Words of these rooms that code passes on; the catalogues translate them."""

JUDGE_COLUMNS = (
    "Judge's seat",
    "Marks compared",
    "Mean distance (%)",
    "Standard deviation (%)",
    "Dropped",
)
