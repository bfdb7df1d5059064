class A(B, metaclass=M):
    """Doc."""
    size: int = 3
    __hidden = 1

    def grow(self, by):
        super().grow(by)
        self.__hidden += by
        return __class__
