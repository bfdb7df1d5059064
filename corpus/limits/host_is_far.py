# ends: raised ModuleNotFoundError: No module named 'ctypes'
import ctypes
ctypes.string_at(0)
