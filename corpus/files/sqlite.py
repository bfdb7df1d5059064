"""Databases in a file and in memory: sqlite3."""
import datetime
import os
import sqlite3

c=sqlite3.connect(':memory:')
cur=c.cursor()
cur.execute('create table t(id integer primary key, name text not null, v real)')
print(cur.description, cur.rowcount, cur.lastrowid)
cur.execute('insert into t(name,v) values (?,?)',('a',1.5)); print(cur.lastrowid, cur.rowcount, c.in_transaction)
cur.executemany('insert into t(name,v) values (?,?)',[('b',2),('c',None)]); print(cur.rowcount)
c.commit(); print(c.in_transaction)
print(cur.execute('select * from t').fetchall(), cur.description)
c.row_factory=sqlite3.Row
r=c.execute('select id, name as N from t where id=:i',{'i':2}).fetchone(); print(r['n'], r[0], r.keys(), tuple(r), len(r))
try: c.execute('insert into t(name) values (null)')
except sqlite3.IntegrityError as e: print(repr(e), e.sqlite_errorname)
try: c.execute('selec 1')
except sqlite3.OperationalError as e: print(repr(e))
try: c.execute('select ?',())
except sqlite3.ProgrammingError as e: print(repr(e))
try: c.execute('select 1; select 2')
except sqlite3.ProgrammingError as e: print(repr(e))
try: c.execute('select :a',{})
except sqlite3.ProgrammingError as e: print(repr(e))
try: c.execute('select ?',([],))
except sqlite3.ProgrammingError as e: print(repr(e))
try: c.execute('select ?',(2**70,))
except OverflowError as e: print(repr(e))
try:
    with c:
        c.execute("insert into t(name) values ('zz')")
        raise ValueError('x')
except ValueError: pass
print(c.execute('select count(*) from t').fetchone()[0])
with c: c.execute("insert into t(name) values ('zz')")
print([tuple(x) for x in c.execute('select id,name from t order by id desc limit 2')])
c.executescript("create table u(a); insert into u values(1); insert into u values(2);")
print(c.execute('select sum(a) from u').fetchone()[0], c.total_changes)
cur=c.execute('select a from u'); print(next(cur)[0], [tuple(r) for r in cur.fetchmany(5)], cur.fetchone())
c.execute('vacuum')
c.close()
try: c.execute('select 1')
except sqlite3.ProgrammingError as e: print(e)
with sqlite3.connect("f.db") as db:
    db.execute("create table p(x integer, y text)")
    db.executemany("insert into p values (?, ?)", [(n, str(n) * 2) for n in range(5)])
db.close()
print(os.path.exists("f.db"), open("f.db", "rb").read(15))
db = sqlite3.connect("f.db")
print(db.execute("select sum(x), max(y) from p where x > :low", {"low": 1}).fetchone())
other = sqlite3.connect("f.db")
db.execute("insert into p values (9, 'nine')")
print(other.execute("select count(*) from p").fetchone(), db.in_transaction)
db.rollback()
print(db.execute("select count(*) from p").fetchone())
for x, y in db.execute("select x, y from p order by x desc limit 2"):
    print(x, y)
try:
    sqlite3.connect("no/such.db")
except sqlite3.OperationalError as e:
    print(e)
try:
    db.execute("insert into nowhere values (1)")
except sqlite3.OperationalError as e:
    print(e)
typed = sqlite3.connect(":memory:", detect_types=sqlite3.PARSE_DECLTYPES)
typed.execute("create table d(day date, at timestamp, b blob)")
typed.execute("insert into d values (?, ?, ?)", (datetime.date(2024, 2, 29), datetime.datetime(2024, 1, 2, 3, 4, 5), b"\x00\x01"))
print(typed.execute("select * from d").fetchone())
typed.row_factory = lambda cursor, row: dict(zip([c[0] for c in cursor.description], row))
print(typed.execute("select b from d").fetchall())
print(sqlite3.paramstyle, sqlite3.apilevel, issubclass(sqlite3.IntegrityError, sqlite3.DatabaseError))
