"""Files behind honours and applications: documents and pictures as they were handed in."""
