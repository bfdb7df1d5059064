# ends: raised NameError: name 'print' is not defined
import builtins
del builtins.print
print(1)
