"""Honours on their way and after: proposed, in public notice, granted, withdrawn; and innovation studios."""
