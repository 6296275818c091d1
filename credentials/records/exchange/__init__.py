"""Records that come from elsewhere and go elsewhere: lists from before the platform, files of honours and levels, the interface for an authority's own database."""
