"""What arrives from outside as a workbook: read strictly, understood generously, never half taken."""
