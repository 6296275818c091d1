"""Running a contest: check-in, draws, clock, what happens in the hall, signatures, recheck, appeals,
publication, the leader's link, and what goes into a chat group."""
