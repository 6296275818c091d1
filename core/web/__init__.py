"""What every page shares: language, base template, assets, security headers. No screen of its own."""
