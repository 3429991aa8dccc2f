"""e-Faktura: bills, their PDF with codes, proof of delivery, and the public check."""
