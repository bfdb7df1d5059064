# ends: done
assert 'ß'.upper() == 'SS' and 'ŉ'.upper() == 'ʼN' and 'İ'.lower() == 'i̇' and 'Σς'.casefold() == 'σσ'
