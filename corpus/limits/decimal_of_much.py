# ends: limit memory
import decimal
decimal.getcontext().prec = 10 ** 9
decimal.Decimal(1) / decimal.Decimal(7)
