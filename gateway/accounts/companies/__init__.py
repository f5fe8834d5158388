"""Companies: their registration, numbers, employees, limits, orders for many, reports."""
