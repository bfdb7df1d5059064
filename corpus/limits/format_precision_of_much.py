# ends: raised ValueError: precision too big
f'{1.5:.{10 ** 12}f}'
