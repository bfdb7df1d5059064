# ends: done
assert int('٣٤') == 34
assert '²'.isdigit() and not '²'.isdecimal()
