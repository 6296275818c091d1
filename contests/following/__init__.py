"""How others follow a contest without an account or a table: a leader's page for one day, and the
texts and pictures that go into a chat group."""
