"""The room of earlier records and exchange: lists taken in, files handed out, an authority's own database."""
