"""What a judge's tablet talks to. It knows codes and appointments; it has no path to identity."""
