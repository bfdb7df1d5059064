# ends: raised TypeError: __hash__ method should return an integer
class A:
    def __hash__(self):
        return 'x'
{A(): 1}
