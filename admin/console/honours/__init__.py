"""Honours: who is proposed, in public notice, granted or withdrawn, and innovation studios."""
