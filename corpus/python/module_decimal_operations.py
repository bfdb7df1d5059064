"""Neighbours, total order, logical operations, rotation and powers with a modulus of decimals, with their flags."""

import random
from decimal import *
random.seed(11)
def num():
    k=random.random()
    if k<0.08: return Decimal(random.choice(['NaN','-NaN','sNaN','NaN123','-sNaN9','Infinity','-Infinity','0','-0','0E+5','-0E-7','1E-1000005','9.9999999E+999999','1E-999999']))
    if k<0.3: return Decimal(''.join(random.choice('01') for _ in range(random.randint(1,12))))
    if k<0.5: return Decimal(random.randint(-12,12))
    return Decimal((random.randint(0,1), tuple(random.randint(0,9) for _ in range(random.randint(1,14))), random.randint(-12,12)))
two=['compare_signal','compare_total','compare_total_mag','next_toward','logical_and','logical_or','logical_xor','rotate','shift','max_mag','min_mag','compare','same_quantum']
one=['next_minus','next_plus','logb','logical_invert','number_class','is_normal','is_subnormal','is_qnan','is_snan']
for prec in (9, 28):
    for traps in ([], [InvalidOperation, DivisionByZero, Overflow]):
        for i in range(5):
            a,b,c=num(),num(),num()
            for name in two+one+['pow']:
                ctx=Context(prec=prec, traps=traps)
                setcontext(ctx)
                ctx=getcontext(); ctx.clear_flags()
                try:
                    if name=='pow': r=ctx.power(a,b,modulo=c) if i%2 else pow(a,b,c)
                    elif name in two: r=getattr(ctx,name)(a,b) if i%2 else getattr(a,name)(b)
                    else: r=getattr(ctx,name)(a) if i%2 else getattr(a,name)()
                    r=str(r)
                except Exception as e: r=type(e).__name__+str(e)
                print(prec,len(traps),name,a,b,c if name=='pow' else '',r,sorted(f.__name__ for f in ctx.flags if ctx.flags[f]))
print(format(Decimal('1234567.891'),'n'), format(Decimal('1E+20'),'.3n'))
class D(Decimal): pass
print(type(+D(1)), type(-D(1)), type(D(1)+1), type(D.from_float(1.5)), type(abs(D(-1))), type(D(1).to_integral_value()), type(D('1.50').normalize()), type(round(D('1.5'),0)), type(D('1.5').quantize(D('1'))), type(D(3).max(D(2))))
