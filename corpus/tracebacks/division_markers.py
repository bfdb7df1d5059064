"""Markers narrow an operator to the operands that failed."""

a, b, c = 1, 0, 5
result = (a + c) * (c / b) + a
