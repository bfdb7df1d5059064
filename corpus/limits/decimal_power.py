# ends: limit instructions
import decimal
while True:
    decimal.Decimal(2) ** decimal.Decimal('1e5')
