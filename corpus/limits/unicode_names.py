# ends: done
ａｂｃ = 1
assert abc == 1
ℌ = 2
assert H == 2
