"""The time-keepers' view: clocks by module and code, nothing of any mark."""
