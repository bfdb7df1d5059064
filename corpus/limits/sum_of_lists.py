# ends: limit memory
sum([[0] * 1000000] * 1000, [])
