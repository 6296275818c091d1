"""After a lost key: every certificate that it signed is signed again with the key in use, in one go."""
