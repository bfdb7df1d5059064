# ends: raised NotImplementedError: not supported: ctypes.string_at (native code does not run on this machine)
import ctypes
ctypes.string_at(0)
