"""What becomes of certificates after they were issued, and of everything that rests on a corrected result."""
