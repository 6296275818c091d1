"""How contests come to be: from a type, a template, last year's, a package or a workbook; many at
once; and the programme of venues and sessions around them."""
